use super::*;
use crate::app::export;
use crate::app::screens::query::table::Table;
use proptest::prelude::*;

fn printed(format: Format, shape: Shape, terminal: bool, values: &[&str]) -> String {
    let mut out = Vec::new();
    let width = terminal.then_some(60);
    let mut printer = Printer::new(&mut out, Style { format, terminal, width, bold: false }, shape);
    for value in values {
        printer.push(Json::parse(value).unwrap()).unwrap();
    }
    printer.finish().unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn values_are_printed_as_they_were_written() {
    let values = ["{\"n\":12345678901234567890,\n \"a\":1.10}", "3"];
    assert_eq!(printed(Format::Ndjson, Shape::Rows, false, &values), "{\"n\":12345678901234567890,  \"a\":1.10}\n3\n");
    assert_eq!(printed(Format::Json, Shape::Rows, false, &["1", "\"a\""]), "[\n1,\n\"a\"\n]\n");
    assert_eq!(printed(Format::Json, Shape::Rows, false, &[]), "[]\n");
    assert_eq!(printed(Format::Ndjson, Shape::Rows, false, &[]), "");
}

#[test]
fn a_terminal_is_never_controlled_by_data() {
    let value = "\"\u{9b}2J\\u001b[0m\u{202e}\"";
    assert_eq!(printed(Format::Ndjson, Shape::Rows, true, &[value]), "\"\\u009b2J\\u001b[0m\\u202e\"\n");
    assert_eq!(printed(Format::Ndjson, Shape::Rows, false, &[value]), format!("{value}\n"));
    assert_eq!(printed(Format::Table, Shape::Rows, true, &[value]), "value\n\u{fffd}2J␛[0m\u{fffd}\n");
    assert_eq!(printed(Format::Csv, Shape::Rows, true, &[value]), "value\n\u{fffd}2J␛[0m\u{fffd}\n");
    assert!(printed(Format::Csv, Shape::Rows, false, &[value]).contains('\u{1b}'));
}

#[test]
fn columns_are_the_places_of_cells_in_order_of_first_appearance() {
    let values = [r#"{"b":1,"a":"x,\"y\""}"#, r#"{"c":{"d":[1],"e":{}},"b":null}"#, "7"];
    assert_eq!(
        printed(Format::Csv, Shape::Rows, false, &values),
        "b,a,c.d,c.e,value\n1,\"x,\"\"y\"\"\",,,\n,,[1],{},\n,,,,7\n"
    );
    assert_eq!(
        printed(Format::Table, Shape::Rows, true, &values),
        "b  a      c.d  c.e  value\n1  x,\"y\"\n          [1]  {}\n                        7\n"
    );
}

#[test]
fn tsv_and_markdown_have_the_columns_of_csv() {
    let values = [r#"{"b":1,"a":"x\ty|z"}"#, r#"{"c":{"d":[1]},"b":null}"#];
    assert_eq!(printed(Format::Tsv, Shape::Rows, false, &values), "b\ta\tc.d\n1\tx\\ty|z\t\n\t\t[1]\n");
    assert_eq!(
        printed(Format::Markdown, Shape::Rows, false, &values),
        "| b | a | c.d |\n| ---: | --- | --- |\n| 1 | x\ty\\|z |  |\n|  |  | \\[1\\] |\n"
    );
}

#[test]
fn a_column_of_the_last_row_is_in_the_head_and_people_get_those_of_the_first_rows() {
    let mut values = vec![r#"{"n":1}"#; 1500];
    values.push(r#"{"n":2,"late":{"x":true}}"#);
    for (format, head, last) in [
        (Format::Csv, "n,late.x", "2,true"),
        (Format::Tsv, "n\tlate.x", "2\ttrue"),
        (Format::Markdown, "| n | late.x |", "| 2 | true |"),
        (Format::Table, "n", "2"),
    ] {
        let text = printed(format, Shape::Rows, false, &values);
        assert_eq!((text.lines().next(), text.lines().next_back()), (Some(head), Some(last)));
    }
}

#[test]
fn columns_that_are_given_are_written_as_the_rows_come() {
    let style = |format| Style { format, terminal: false, width: None, bold: false };
    let field = |name| Field::of_event(Path::parse(name).unwrap());
    let shape = || Shape::Fields(["data", "data.n", "none"].map(field).to_vec());
    let row = r#"{"type":"t","data":{"n":1.50,"m":2}}"#;
    for (format, expected) in [
        (Format::Csv, "data,data.n,none\n\"{\"\"n\"\":1.50,\"\"m\"\":2}\",1.50,\n"),
        (Format::Tsv, "data\tdata.n\tnone\n{\"n\":1.50,\"m\":2}\t1.50\t\n"),
    ] {
        let mut out = Vec::new();
        let mut printer = Printer::new(&mut out, style(format), shape());
        printer.push(Json::parse(row).unwrap()).unwrap();
        drop(printer);
        assert_eq!(String::from_utf8(out).unwrap(), expected, "before there is an end");
        assert_eq!(printed(format, shape(), false, &[]).lines().count(), 1, "the head does not depend on rows");
    }
    assert_eq!(
        printed(Format::Markdown, shape(), false, &[row]),
        "| data | data.n | none |\n| --- | ---: | --- |\n| {\"n\":1.50,\"m\":2} | 1.50 |  |\n"
    );
}

#[test]
fn events_have_fixed_columns() {
    let event =
        r#"{"source":"s","subject":"/a","type":"t","id":"i","time":"2025-06-02T15:40:01.188557875Z","data":{"n":1}}"#;
    assert_eq!(
        printed(Format::Table, Shape::Events, true, &[event]),
        "time                      type  subject  id  data\n2025-06-02T15:40:01.188Z  t     /a       i   {\"n\":1}\n"
    );
    assert_eq!(
        printed(Format::Csv, Shape::Events, false, &[]),
        "time,type,subject,id,source,specversion,datacontenttype,predecessorhash,hash,data\n"
    );
    assert_eq!(
        printed(Format::Csv, Shape::Rows, false, &[event]),
        "time,type,subject,data.n,id,source\n2025-06-02T15:40:01.188557875Z,t,/a,1,i,s\n",
        "those of a query are rows"
    );
}

proptest! {
    /// The commands and the explorer write the same tables of the same rows.
    #[test]
    fn a_table_is_the_one_that_the_explorer_exports(
        rows in prop::collection::vec(crate::model::json::tests::any_json(), 1..20),
        format in prop::sample::select(vec![
            (Format::Csv, export::Format::Csv),
            (Format::Tsv, export::Format::Tsv),
            (Format::Markdown, export::Format::Markdown),
        ]),
    ) {
        let texts: Vec<String> = rows.iter().map(ToString::to_string).collect();
        let mut table = Table::default();
        table.append(texts.iter().collect());
        while table.advance() {}
        let shown = table.layout().shown().iter().filter_map(|number| table.columns().get(*number));
        let fields = shown.map(Field::of_column).collect();
        let source = export::Source::Rows { rows: table.rows().clone(), order: table.in_order(false).into() };
        let (format, path) = (format, String::new());
        let export = export::Export { source, fields, only_cells: false, format: format.1, path, replace: false };
        let mut out = Vec::new();
        export.write(&mut out, &mut |_| true).unwrap();
        let values: Vec<&str> = texts.iter().map(String::as_str).collect();
        prop_assert_eq!(printed(format.0, Shape::Rows, false, &values), String::from_utf8(out).unwrap());
    }
}
