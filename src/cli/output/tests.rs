use super::*;

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
fn columns_are_the_keys_in_order_of_first_appearance() {
    let values = [r#"{"b":1,"a":"x,\"y\""}"#, r#"{"c":{"d":[1]},"b":null}"#, "7"];
    assert_eq!(
        printed(Format::Csv, Shape::Rows, false, &values),
        "b,a,c,value\n1,\"x,\"\"y\"\"\",,\n,,\"{\"\"d\"\":[1]}\",\n,,,7\n"
    );
    assert_eq!(
        printed(Format::Table, Shape::Rows, true, &values),
        "b  a      c          value\n1  x,\"y\"\n          {\"d\":[1]}\n                         7\n"
    );
}

#[test]
fn tsv_and_markdown_have_the_columns_of_csv() {
    let values = [r#"{"b":1,"a":"x\ty|z"}"#, r#"{"c":{"d":[1]},"b":null}"#];
    assert_eq!(printed(Format::Tsv, Shape::Rows, false, &values), "b\ta\tc\n1\tx\\ty|z\t\n\t\t{\"d\":[1]}\n");
    assert_eq!(
        printed(Format::Markdown, Shape::Rows, false, &values),
        "| b | a | c |\n| --- | --- | --- |\n| 1 | x\ty\\|z |  |\n|  |  | {\"d\":\\[1\\]} |\n"
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
        "id,time,source,subject,type,specversion,datacontenttype,predecessorhash,hash,data\n"
    );
}
