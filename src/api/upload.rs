//! A file as the body of a request, sent as it is read.
//!
//! Owns the reading and the count of what was sent, by which a stalled upload is told from a long one.

use bytes::Bytes;
use futures_util::stream::{self, Stream};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

/// How much is read at a time, in bytes.
const PIECE: usize = 64 << 10;

/// A file that is ready to be sent.
#[derive(Debug)]
pub(super) struct Upload {
    file: File,
    pub length: u64,
    pub sent: Arc<AtomicU64>,
}

impl Upload {
    pub async fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path).await?;
        let length = file.metadata().await?.len();
        Ok(Self { file, length, sent: Arc::default() })
    }

    /// The file's bytes; a file that shrinks or grows meanwhile makes the request fail, by its announced length.
    pub fn stream(self) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        stream::try_unfold((self.file, self.sent), |(mut file, sent)| async move {
            let mut piece = Vec::with_capacity(PIECE);
            let read = file.read_buf(&mut piece).await?;
            sent.fetch_add(read as u64, Ordering::Relaxed);
            Ok((read > 0).then(|| (Bytes::from(piece), (file, sent))))
        })
    }
}
