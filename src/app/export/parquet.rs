//! Tables as Parquet: the kind of each column told from all of its cells, then the rows in groups of bounded size.
//!
//! A column is of one kind: booleans, whole numbers of 64 bits, doubles, or texts. Texts it is when its cells differ, when
//! they are lists, or when a number fits neither of the others exactly as far as its whole digits go. Any cell may be
//! missing; null is that, too.

use super::cells::{Picker, text};
use super::dealt::PORTION;
use super::{Counted, Export, Written};
use crate::model::json::{Json, Kind};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use std::io;
use std::sync::Arc;

/// A group of rows has no more rows and no more bytes of JSON than this, unless its first row has: all of a group is held
/// at once.
const GROUP_ROWS: usize = 100_000;
const GROUP_BYTES: usize = 32 << 20;

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Cells {
    /// None was seen.
    #[default]
    None,
    Bool,
    Int,
    Double,
    Text,
}

impl Cells {
    /// What they are if this is one of them.
    fn with(self, cell: Option<Json<'_>>) -> Self {
        let Some(cell) = cell else { return self };
        let kind = match cell.kind() {
            Kind::Null => return self,
            Kind::Bool => Self::Bool,
            Kind::Number if cell.text().parse::<i64>().is_ok() => Self::Int,
            Kind::Number if is_double(cell) => Self::Double,
            _ => Self::Text,
        };
        match (self, kind) {
            (Self::None, kind) => kind,
            (before, kind) if before == kind => kind,
            (Self::Int, Self::Double) | (Self::Double, Self::Int) => Self::Double,
            _ => Self::Text,
        }
    }

    fn physical(self) -> Physical {
        match self {
            Self::Bool => Physical::BOOLEAN,
            Self::Int => Physical::INT64,
            Self::Double => Physical::DOUBLE,
            Self::None | Self::Text => Physical::BYTE_ARRAY,
        }
    }
}

/// Whether a number is a double; whole numbers beyond 64 bits are not, their last digits would be others.
fn is_double(cell: Json<'_>) -> bool {
    cell.text().contains(['.', 'e', 'E']) && cell.as_f64().is_some_and(f64::is_finite)
}

/// The cells of a column of a group; those that are missing stand as zeros among the levels only.
#[derive(Debug)]
enum Values {
    Bool(Vec<bool>),
    Int(Vec<i64>),
    Double(Vec<f64>),
    Text(Vec<ByteArray>),
}

#[derive(Debug)]
struct Column {
    values: Values,
    levels: Vec<i16>,
}

impl Column {
    fn new(cells: Cells) -> Self {
        let values = match cells {
            Cells::Bool => Values::Bool(Vec::new()),
            Cells::Int => Values::Int(Vec::new()),
            Cells::Double => Values::Double(Vec::new()),
            Cells::None | Cells::Text => Values::Text(Vec::new()),
        };
        Self { values, levels: Vec::new() }
    }

    fn push(&mut self, cell: Option<Json<'_>>) {
        let Some(cell) = cell.filter(|cell| cell.kind() != Kind::Null) else { return self.levels.push(0) };
        self.levels.push(1);
        match &mut self.values {
            Values::Bool(values) => values.push(cell.as_bool().unwrap_or_default()),
            Values::Int(values) => values.push(cell.text().parse().unwrap_or_default()),
            Values::Double(values) => values.push(cell.as_f64().unwrap_or_default()),
            Values::Text(values) => values.push(ByteArray::from(text(Some(cell)).into_owned().into_bytes())),
        }
    }

    fn write(&mut self, group: &mut SerializedRowGroupWriter<'_, &mut Counted<'_>>) -> Result<(), ParquetError> {
        match &mut self.values {
            Values::Bool(values) => write::<BoolType>(values, &self.levels, group)?,
            Values::Int(values) => write::<Int64Type>(values, &self.levels, group)?,
            Values::Double(values) => write::<DoubleType>(values, &self.levels, group)?,
            Values::Text(values) => write::<ByteArrayType>(values, &self.levels, group)?,
        }
        self.levels.clear();
        Ok(())
    }
}

fn write<T: DataType>(
    values: &mut Vec<T::T>,
    levels: &[i16],
    group: &mut SerializedRowGroupWriter<'_, &mut Counted<'_>>,
) -> Result<(), ParquetError> {
    if let Some(mut column) = group.next_column()? {
        column.typed::<T>().write_batch(values, Some(levels), None)?;
        column.close()?;
    }
    values.clear();
    Ok(())
}

impl Export {
    pub(super) fn write_parquet(
        &self,
        out: &mut Counted<'_>,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> io::Result<Option<Written>> {
        let picker = Picker::new(&self.fields);
        // All rows are read twice; half of the way is done when their columns are known.
        let half = self.source.len() / 2;
        let Some(kinds) = self.kinds(&picker, &mut |index| go_on(index / 2))? else { return Ok(None) };
        let schema = self.schema(&kinds).map_err(io::Error::other)?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let mut file =
            SerializedFileWriter::new(&mut *out, Arc::new(schema), Arc::new(properties)).map_err(io::Error::other)?;
        let mut columns: Vec<Column> = kinds.iter().map(|kind| Column::new(*kind)).collect();
        let (mut written, mut rows, mut bytes) = (Written::default(), 0, 0);
        for index in 0..self.source.len() {
            if index % PORTION == 0 && !go_on(half + index / 2) {
                return Ok(None);
            }
            self.source.with(index, |line, value| match value {
                Some(value) => {
                    let mut cells = Vec::new();
                    picker.pick(value, &mut cells);
                    columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
                    (written.items, rows, bytes) = (written.items + 1, rows + 1, bytes + line.len());
                }
                None => written.left_out += 1,
            })?;
            if rows >= GROUP_ROWS || bytes >= GROUP_BYTES {
                write_group(&mut file, &mut columns).map_err(io::Error::other)?;
                (rows, bytes) = (0, 0);
            }
        }
        if rows > 0 {
            write_group(&mut file, &mut columns).map_err(io::Error::other)?;
        }
        file.close().map_err(io::Error::other)?;
        out.end(Some(written))
    }

    /// What the cells of each column are.
    fn kinds(&self, picker: &Picker, go_on: &mut dyn FnMut(usize) -> bool) -> io::Result<Option<Vec<Cells>>> {
        let mut kinds = vec![Cells::None; self.fields.len()];
        for index in 0..self.source.len() {
            if index % PORTION == 0 && !go_on(index) {
                return Ok(None);
            }
            self.source.with(index, |_, value| {
                let Some(value) = value else { return };
                let mut cells = Vec::new();
                picker.pick(value, &mut cells);
                kinds.iter_mut().zip(cells).for_each(|(kind, cell)| *kind = kind.with(cell));
            })?;
        }
        Ok(Some(kinds))
    }

    /// A flat schema. Two columns of the same name would be one to many readers: the later one gets a number.
    fn schema(&self, kinds: &[Cells]) -> Result<Type, ParquetError> {
        let mut names: Vec<String> = Vec::new();
        let mut columns = Vec::new();
        for (field, kind) in self.fields.iter().zip(kinds) {
            let taken = |name: &String| names.contains(name);
            let numbered = (2..).map(|number| format!("{}_{number}", field.name));
            let name =
                std::iter::once(field.name.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or_default();
            let text = matches!(kind, Cells::None | Cells::Text).then_some(LogicalType::String);
            let column = Type::primitive_type_builder(&name, kind.physical())
                .with_repetition(Repetition::OPTIONAL)
                .with_logical_type(text)
                .build()?;
            columns.push(Arc::new(column));
            names.push(name);
        }
        Type::group_type_builder("rows").with_fields(columns).build()
    }
}

fn write_group(file: &mut SerializedFileWriter<&mut Counted<'_>>, columns: &mut [Column]) -> Result<(), ParquetError> {
    let mut group = file.next_row_group()?;
    columns.iter_mut().try_for_each(|column| column.write(&mut group))?;
    group.close()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Field, Format, Source};
    use super::*;
    use crate::app::rows::Rows;
    use crate::model::path::Path;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field as Cell;

    fn export(rows: &[String], names: &[&str]) -> Export {
        let mut kept = Rows::default();
        kept.append(rows.iter().collect());
        let order = (0..u32::try_from(rows.len()).unwrap()).collect();
        let field =
            |name: &&str| Field { name: (*name).to_owned(), path: Path::parse(name), number: false, whole: false };
        let (source, fields) = (Source::Rows { rows: kept, order }, names.iter().map(field).collect());
        Export { source, fields, only_cells: false, format: Format::Parquet, path: String::new(), replace: false }
    }

    fn read(bytes: Vec<u8>) -> (Vec<Vec<(String, Cell)>>, usize) {
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
        let rows = reader.get_row_iter(None).unwrap();
        let rows = rows.map(|row| row.unwrap().into_columns()).collect();
        (rows, reader.num_row_groups())
    }

    #[test]
    fn each_column_reads_back_as_what_its_cells_are() {
        let rows = [
            r#"{"b":true,"i":-7,"d":1,"t":"é","m":1,"l":[1],"big":12345678901234567890,"a":{"b":"x"},"a.b":1}"#,
            r#"{"b":null,"d":2.50,"m":"1","l":[2],"big":1,"a":{"b":"y"}}"#,
        ]
        .map(str::to_owned);
        let mut export = export(&rows, &["b", "i", "d", "t", "m", "l", "big", "none", "a.b"]);
        let flat = Field { path: Some(Path::of("a.b")), ..export.fields[8].clone() };
        export.fields.push(flat);
        let mut out = Vec::new();
        let written = export.write(&mut out, &mut |_| true).unwrap().unwrap();
        assert_eq!((written.items, written.bytes), (2, out.len() as u64));
        let (read, _) = read(out);
        let text = |text: &str| Cell::Str(text.into());
        let cells = |row: usize| read[row].iter().map(|(_, cell)| cell.clone()).collect::<Vec<_>>();
        let names: Vec<&str> = read[0].iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["b", "i", "d", "t", "m", "l", "big", "none", "a.b", "a.b_2"]);
        assert_eq!(
            cells(0),
            [
                Cell::Bool(true),
                Cell::Long(-7),
                Cell::Double(1.0),
                text("é"),
                text("1"),
                text("[1]"),
                text("12345678901234567890"),
                Cell::Null,
                text("x"),
                Cell::Long(1)
            ]
        );
        assert_eq!(
            cells(1),
            [
                Cell::Null,
                Cell::Null,
                Cell::Double(2.5),
                Cell::Null,
                text("1"),
                text("[2]"),
                text("1"),
                Cell::Null,
                text("y"),
                Cell::Null
            ]
        );
    }

    #[test]
    fn rows_stand_in_groups_of_bounded_size() {
        let rows: Vec<String> = (0..GROUP_ROWS + 5).map(|n| format!("{{\"n\":{n}}}")).collect();
        let mut out = Vec::new();
        let mut told = Vec::new();
        export(&rows, &["n"])
            .write(&mut out, &mut |done| {
                told.push(done);
                true
            })
            .unwrap();
        assert!(told.is_sorted() && told.last().is_some_and(|done| *done < rows.len()));
        let (read, groups) = read(out);
        assert_eq!((read.len(), groups), (rows.len(), 2));
        assert!(read.iter().zip(0..).all(|(row, n)| row[0].1 == Cell::Long(n)));
    }

    #[test]
    fn it_ends_where_it_is_told_to() {
        let rows = vec!["{\"n\":1}".to_owned(); 3 * PORTION];
        let half = rows.len() / 2;
        let stopped = export(&rows, &["n"]).write(&mut Vec::new(), &mut |done| done < half).unwrap();
        assert_eq!(stopped, None);
    }
}
