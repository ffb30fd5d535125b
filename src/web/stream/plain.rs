//! The plain socket below a connection that was HTTP.

use std::io;
use std::net::Ipv4Addr;

use bytes::Bytes;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::TaskTracker;

/// The socket, and what was read from it already.
///
/// Under our own server, and under axum's, a connection is a TCP socket, which a shard can own. Whoever mounts the router
/// elsewhere may have something else there, such as TLS: that is joined to a socket of this machine.
///
/// # Errors
/// When there is no other socket to be had for what is none.
pub async fn socket(connection: Upgraded, tasks: &TaskTracker) -> io::Result<(TcpStream, Bytes)> {
    let connection = match connection.downcast::<TokioIo<TcpStream>>() {
        Ok(parts) => return Ok((parts.io.into_inner(), parts.read_buf)),
        Err(connection) => connection,
    };
    match auto::upgrade::downcast::<TokioIo<TcpStream>>(connection) {
        Ok(parts) => Ok((parts.io.into_inner(), parts.read_buf)),
        Err(connection) => {
            let (ours, theirs) = pair().await?;
            let (mut far, mut near) = (TokioIo::new(connection), theirs);
            tasks.spawn(async move {
                // Ends with either side; there is nobody to be told how.
                let _ = tokio::io::copy_bidirectional(&mut far, &mut near).await;
            });
            Ok((ours, Bytes::new()))
        }
    }
}

/// Two ends of a connection within this machine.
async fn pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let ours = TcpStream::connect(listener.local_addr()?).await?;
    loop {
        let (theirs, from) = listener.accept().await?;
        // Others on this machine might have been quicker to connect.
        if from == ours.local_addr()? {
            return Ok((ours, theirs));
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn the_two_ends_of_a_pair_are_one_connection() {
        let (mut ours, mut theirs) = pair().await.unwrap();
        ours.write_all(b"hello").await.unwrap();
        let mut heard = [0; 5];
        theirs.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"hello");
    }
}
