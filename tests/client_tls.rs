//! TLS: a server whose certificate comes from an authority of its own. The test authority's key exists no more.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use gdbx::api::{Choice, Client, Kind, Settings};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls").join(name)
}

/// Answers every request with `Pong`, over TLS.
fn server() -> String {
    let certificate = CertificateDer::from_pem_file(file("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(file("server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut tls = rustls::StreamOwned::new(connection, stream.unwrap());
            let mut head = [0; 4096];
            if tls.read(&mut head).is_ok() {
                let _ = tls.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nPong");
                let _ = tls.flush();
            }
        }
    });
    url
}

fn settings(url: &str) -> Settings {
    let mut settings = Settings::new(url);
    settings.generation = Choice::V2;
    settings
}

#[tokio::test]
async fn a_ca_file_makes_its_certificates_trusted() {
    let url = server();
    let mut trusting = settings(&url);
    trusting.ca_file = Some(file("ca.pem"));
    assert_eq!(Client::new(trusting).unwrap().ping().await.unwrap().text, "Pong");
}

#[tokio::test]
async fn an_unknown_authority_is_not_trusted_and_the_way_out_is_said() {
    let url = server();
    // A system without any certificates refuses earlier, which is no less right.
    let Ok(client) = Client::new(settings(&url)) else { return };
    let error = client.ping().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unreachable);
    assert!(error.to_string().contains("a CA file can be set"), "{error}");
}

#[test]
fn a_ca_file_that_is_none_is_told_before_anything_is_sent() {
    for (path, words) in [(file("none.pem"), "none.pem"), (file("server.key"), "no PEM certificate")] {
        let mut settings = settings("https://localhost:1");
        settings.ca_file = Some(path);
        let error = Client::new(settings).unwrap_err();
        assert_eq!(error.kind(), Kind::Settings);
        assert!(error.to_string().contains(words), "{error}");
    }
}
