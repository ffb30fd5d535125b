//! A server of your own with a conduit in it: prints the photos of one event, and shows them on a wall.
use flickr_conduit::{Conduit, config::Config};
use futures_util::StreamExt;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let conduit = Conduit::open(&Config::local("data".as_ref()), 8080)?;
    println!("{:#?}", conduit.mint("kittens")?);
    let mut photos = conduit.on("kittens").await?;
    tokio::spawn(async move {
        while let Some(photo) = photos.next().await {
            println!("{:?} {}", photo.change, photo.title.unwrap_or_default());
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    Ok(conduit.serve(listener, conduit.router(), std::future::pending()).await?)
}
