//! Pictures for walls, of any size and colour, and all that can be wrong with one.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

/// What is wrong with a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Missing,
    /// The server accepts the question and never says anything.
    Silent,
    /// Ends in the middle.
    Broken,
    /// A page, by the name of a picture.
    Page,
    /// 20,000 pixels by 20,000, in a few kilobytes.
    Huge,
    /// Redirects to itself for ever.
    Loop,
}

pub(crate) const FAULTS: [Fault; 6] =
    [Fault::Missing, Fault::Silent, Fault::Broken, Fault::Page, Fault::Huge, Fault::Loop];

/// A server of pictures. Each is of one colour that follows from the photo's id, with a thin frame and a circle by which
/// people see whether it is whole and in proportion.
#[derive(Debug, Clone)]
pub(crate) struct Pictures {
    pub(crate) port: u16,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// By size: all but the palette is the same for all of a size.
    drawn: Mutex<HashMap<(u32, u32), Bytes>>,
    asked: AtomicU64,
}

impl Pictures {
    pub(crate) async fn serve() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared::default());
        let router = Router::new().route("/{id}/{file}", get(picture)).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { port, shared }
    }

    /// Requests so far.
    pub(crate) fn asked(&self) -> u64 {
        self.shared.asked.load(Ordering::Relaxed)
    }
}

/// The path of a picture.
pub(crate) fn picture_path(id: u64, (width, height): (u32, u32), fault: Option<Fault>) -> String {
    match fault {
        None => format!("/{id}/{width}x{height}.png"),
        Some(fault) => format!("/{id}/{fault:?}.png"),
    }
}

/// The colour of a photo's picture: neither near white nor as dark as the ground of a wall, and others for neighbours.
pub(crate) fn colour(id: u64) -> [u8; 3] {
    const LEVELS: [u8; 5] = [64, 104, 144, 184, 224];
    let n = usize::try_from(id * 37 % 125).expect("small");
    [LEVELS[n % 5], LEVELS[n / 5 % 5], LEVELS[n / 25]]
}

async fn picture(State(shared): State<Arc<Shared>>, Path((id, file)): Path<(u64, String)>) -> Response {
    shared.asked.fetch_add(1, Ordering::Relaxed);
    let png = |bytes: Bytes| ([(header::CONTENT_TYPE, "image/png")], bytes).into_response();
    let fault = FAULTS.into_iter().find(|it| file == format!("{it:?}.png"));
    match fault {
        None => {
            let size = file.trim_end_matches(".png").split_once('x');
            let Some((Ok(width), Ok(height))) = size.map(|(w, h)| (w.parse(), h.parse())) else {
                return StatusCode::NOT_FOUND.into_response();
            };
            png(shared.draw(id, width, height))
        }
        Some(Fault::Missing) => StatusCode::NOT_FOUND.into_response(),
        Some(Fault::Silent) => std::future::pending().await,
        Some(Fault::Broken) => {
            let whole = shared.draw(id, 640, 480);
            let head =
                [(header::CONTENT_TYPE, "image/png".to_owned()), (header::CONTENT_LENGTH, whole.len().to_string())];
            let half = futures_util::stream::iter([
                Ok(whole.slice(..whole.len() / 2)),
                Err(std::io::Error::other("it breaks off here")),
            ]);
            (head, Body::from_stream(half)).into_response()
        }
        Some(Fault::Page) => ([(header::CONTENT_TYPE, "text/html")], "<h1>Please sign in</h1>").into_response(),
        Some(Fault::Huge) => png(shared.draw(id, 20_000, 20_000)),
        Some(Fault::Loop) => (StatusCode::FOUND, [(header::LOCATION, format!("/{id}/{file}"))]).into_response(),
    }
}

impl Shared {
    fn draw(&self, id: u64, width: u32, height: u32) -> Bytes {
        let mut drawn = self.drawn.lock().unwrap();
        let template = drawn.entry((width, height)).or_insert_with(|| draw(width, height).into());
        let mut png = template.to_vec();
        drop(drawn);
        // The palette: a chunk of two colours behind the head of 33 bytes (PNG, section 5.3).
        let light = colour(id).map(|it| it.saturating_add(24));
        png[41..44].copy_from_slice(&colour(id));
        png[44..47].copy_from_slice(&light);
        let sum = crc(&png[37..47]);
        png[47..51].copy_from_slice(&sum.to_be_bytes());
        png.into()
    }
}

/// One bit a pixel: 0 is the colour, 1 the lines.
fn draw(width: u32, height: u32) -> Vec<u8> {
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, width, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_palette(vec![0; 6]);
    let mut writer = encoder.write_header().unwrap();
    let row = width.div_ceil(8) as usize;
    let mut bits = vec![0_u8; row * height as usize];
    let mut mark = |x: u32, y: u32| bits[y as usize * row + x as usize / 8] |= 0x80 >> (x % 8);
    // The huge one is plain: to draw it would take longer than anything else here.
    if width.max(height) <= 4096 {
        let line = (width.min(height) / 60).max(1);
        for y in 0..height {
            let is_edge = y < line || y >= height - line;
            let edges = (0..width).filter(|x| is_edge || *x < line || *x >= width - line);
            edges.for_each(|x| mark(x, y));
        }
        let (middle, radius) = ((f64::from(width) / 2.0, f64::from(height) / 2.0), f64::from(width.min(height)) * 0.15);
        for step in 0..4000 {
            let angle = f64::from(step) / 4000.0 * std::f64::consts::TAU;
            for wide in 0..line {
                let r = radius - f64::from(wide);
                mark(whole(middle.0 + r * angle.cos()), whole(middle.1 + r * angle.sin()));
            }
        }
    }
    writer.write_image_data(&bits).unwrap();
    writer.finish().unwrap();
    png
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place inside a picture")]
fn whole(number: f64) -> u32 {
    number as u32
}

/// The check sum of PNG's chunks (PNG, annex D), bit by bit: it is for ten bytes.
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !bytes.iter().fold(!0_u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}

#[test]
fn a_picture_has_its_size_and_its_colour() {
    let shared = Shared::default();
    for id in [1, 2, 53_000_000_001] {
        let bytes = shared.draw(id, 300, 200);
        let mut decoder = png::Decoder::new(std::io::Cursor::new(&bytes));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (300, 200));
        assert_eq!(pixels[3 * (100 * 300 + 150)..][..3], colour(id));
    }
    assert!(shared.draw(1, 20_000, 20_000).len() < 1_000_000);
}
