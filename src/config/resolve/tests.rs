use super::*;

const FILE: &str = r#"
connection = "local"
[connections.local]
url = "http://localhost:8080/"
[connections.shop]
url = "https://shop.example.com"
api = "v1"
token_file = "shop.token"
ca_file = "ca.pem"
production = true
read_only = true
[connections.named]
url = "http://named"
token_env = "MY_TOKEN"
[timeouts]
idle = "off"
heartbeat = "5s"
[poll]
audit = "off"
"#;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.toml"), FILE).unwrap();
    std::fs::write(folder.path().join("shop.token"), "from-the-file\n").unwrap();
    folder
}

fn resolved(folder: &tempfile::TempDir, change: impl FnOnce(&mut Overrides), vars: &[(&str, &str)]) -> Resolved {
    tried(folder, change, vars).unwrap()
}

fn tried(
    folder: &tempfile::TempDir,
    change: impl FnOnce(&mut Overrides),
    vars: &[(&str, &str)],
) -> Result<Resolved, Error> {
    let mut overrides = Overrides { config: Some(folder.path().join("config.toml")), ..Overrides::default() };
    change(&mut overrides);
    resolve(&overrides, &vars.iter().copied().collect())
}

fn token(resolved: &Resolved) -> Option<&str> {
    resolved.connection.as_ref().unwrap().settings.token.as_ref().map(Token::reveal)
}

fn url(resolved: &Resolved) -> &str {
    &resolved.connection.as_ref().unwrap().settings.url
}

#[test]
fn arguments_come_before_the_environment_and_the_environment_before_the_file() {
    let folder = folder();
    let vars = [("GENESISDB_URL", "http://env"), ("GENESISDB_API_URL", "http://old"), ("GENESISDB_API_VERSION", "v1")];
    assert_eq!(url(&resolved(&folder, |_| {}, &[])), "http://localhost:8080/");
    assert_eq!(url(&resolved(&folder, |_| {}, &vars)), "http://env");
    assert_eq!(url(&resolved(&folder, |_| {}, &vars[1..])), "http://old");
    assert_eq!(url(&resolved(&folder, |o| o.connection = Some("shop".into()), &vars)), "https://shop.example.com");
    let both = resolved(&folder, |o| (o.url, o.connection) = (Some("http://arg".into()), Some("shop".into())), &vars);
    assert_eq!(url(&both), "http://arg");

    let api = |r: &Resolved| r.connection.as_ref().unwrap().settings.generation;
    assert_eq!(api(&resolved(&folder, |_| {}, &vars)), Choice::V1);
    assert_eq!(api(&resolved(&folder, |o| o.api = Some(Choice::V2), &vars)), Choice::V2);
    assert_eq!(api(&resolved(&folder, |_| {}, &vars[2..])), Choice::Auto);
}

#[test]
fn a_connection_of_the_file_brings_everything_with_it() {
    let folder = folder();
    let shop = resolved(&folder, |o| o.connection = Some("shop".into()), &[("GENESISDB_AUTH_TOKEN", "env")]);
    assert_eq!(token(&shop), Some("from-the-file"));
    let connection = shop.connection.unwrap();
    assert!(connection.production && connection.read_only);
    assert_eq!(connection.name, "shop");
    assert_eq!(connection.settings.generation, Choice::V1);
    assert_eq!(connection.settings.ca_file, Some(folder.path().join("ca.pem")));
    assert_eq!(connection.settings.idle_timeout, None);
    assert_eq!(connection.settings.heartbeat_timeout, Some(Duration::from_secs(5)));
    assert_eq!(shop.poll.audit, None);
    assert_eq!(shop.poll.ping, Some(Duration::from_secs(5)));
}

#[test]
fn tokens_come_from_files_and_variables_only() {
    let folder = folder();
    let named = |vars: &[(&str, &str)]| tried(&folder, |o| o.connection = Some("named".into()), vars);
    assert_eq!(token(&named(&[("MY_TOKEN", "mine"), ("GENESISDB_AUTH_TOKEN", "env")]).unwrap()), Some("mine"));
    assert!(named(&[]).unwrap_err().to_string().contains("MY_TOKEN: it is not set"));
    let vars = [("GENESISDB_AUTH_TOKEN", "env"), ("GENESISDB_READ_TOKEN", "reader")];
    assert_eq!(token(&resolved(&folder, |_| {}, &vars)), Some("env"));
    assert_eq!(token(&resolved(&folder, |_| {}, &vars[1..])), Some("reader"));
    let file = folder.path().join("shop.token");
    assert_eq!(token(&resolved(&folder, |o| o.token_file = Some(file), &vars)), Some("from-the-file"));
    assert_eq!(token(&resolved(&folder, |_| {}, &[])), None);

    let bad = tried(&folder, |_| {}, &[("GENESISDB_AUTH_TOKEN", "hunter\u{7f}2")]).unwrap_err().to_string();
    assert!(bad.contains("GENESISDB_AUTH_TOKEN") && !bad.contains("hunter"), "{bad}");
}

#[test]
fn nothing_configured_is_no_error_and_mistakes_name_their_origin() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.toml"), "").unwrap();
    assert_eq!(resolved(&folder, |_| {}, &[]).connection, None);
    let told =
        |change: fn(&mut Overrides), vars: &[(&str, &str)]| tried(&folder, change, vars).unwrap_err().to_string();
    assert!(told(|o| o.url = Some("localhost:8080".into()), &[]).starts_with("--url: "));
    assert!(told(|_| {}, &[("GENESISDB_URL", "ftp://x")]).starts_with("GENESISDB_URL: "));
    assert!(told(|o| o.connection = Some("x".into()), &[]).contains("the settings file has none"));
    assert!(
        told(|_| {}, &[("GENESISDB_URL", "http://x"), ("GENESISDB_API_VERSION", "v3")]).contains("auto, v1 and v2")
    );
    assert!(told(|o| o.config = Some("/no/such/file".into()), &[]).contains("/no/such/file cannot be read"));
}

#[test]
fn no_color_is_honoured() {
    let folder = folder();
    assert_eq!(resolved(&folder, |_| {}, &[("NO_COLOR", "1")]).ui.colors, Colors::Never);
    assert_eq!(resolved(&folder, |_| {}, &[("NO_COLOR", "")]).ui.colors, Colors::Auto);
}

#[test]
fn pages_have_their_usual_size_unless_something_else_is_said() {
    let folder = folder();
    let pages = |number: usize| NonZeroUsize::new(number).map(Load::Pages);
    assert_eq!(resolved(&folder, |_| {}, &[]).page_events, Some(200_000));
    assert_eq!(resolved(&folder, |o| o.load = pages(50), &[]).page_events, Some(50));
    std::fs::write(folder.path().join("config.toml"), "[load]\npage_events = 70").unwrap();
    assert_eq!(resolved(&folder, |_| {}, &[]).page_events, Some(70));
    assert_eq!(resolved(&folder, |o| o.load = pages(50), &[]).page_events, Some(50));
    assert_eq!(resolved(&folder, |o| o.load = Some(Load::All), &[]).page_events, None);
    std::fs::write(folder.path().join("config.toml"), "[load]\npage_events = 0").unwrap();
    let error = tried(&folder, |_| {}, &[]).unwrap_err().to_string();
    assert!(error.contains("line 2"), "{error}");
}
