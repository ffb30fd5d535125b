//! What WebDriver has no words for, and what must have an answer whatever the page does: Chromium's own protocol
//! (chromedevtools.github.io/devtools-protocol), on a socket of our own beside chromedriver's.

use std::collections::VecDeque;
use std::time::Duration;

use base64::Engine;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use super::browser::Browser;

/// A page that is being replaced leaves questions without an answer; a busy machine takes seconds for a large picture.
const PATIENCE: Duration = Duration::from_secs(15);
/// Lines of the console that are kept.
const LINES: usize = 60;

/// The first window of a browser.
pub(crate) struct Devtools(Mutex<Inner>);

struct Inner {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    last: u64,
    console: VecDeque<String>,
    is_dead: bool,
}

impl Devtools {
    pub(crate) async fn of(browser: &Browser) -> Self {
        let capabilities = browser.client.capabilities().expect("a session");
        let address = capabilities["goog:chromeOptions"]["debuggerAddress"].as_str().unwrap().to_owned();
        let client = flickr_conduit::hub::endpoint::client().unwrap();
        let list = client.get(format!("http://{address}/json/list")).send().await.unwrap().text().await.unwrap();
        let list: Value = serde_json::from_str(&list).unwrap();
        let page = list.as_array().unwrap().iter().find(|it| it["type"] == "page").expect("a window");
        // A picture of a large screen is a large message.
        let roomy = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
        let url = page["webSocketDebuggerUrl"].as_str().unwrap();
        let (socket, _) = connect_async_with_config(url, Some(roomy), true).await.unwrap();
        Self(Mutex::new(Inner { socket, last: 0, console: VecDeque::new(), is_dead: false }))
    }

    /// Does a command; an error when the page is just being replaced.
    pub(crate) async fn ask(&self, cmd: &str, params: Value) -> Result<Value, String> {
        let mut inner = self.0.lock().await;
        inner.last += 1;
        let id = inner.last;
        let text = json!({ "id": id, "method": cmd, "params": params }).to_string();
        inner.socket.send(Message::text(text)).await.map_err(|cause| format!("{cmd}: {cause}"))?;
        let answer = timeout(PATIENCE, inner.answer(id)).await.map_err(|_| format!("{cmd}: no answer"))?;
        match answer.get("result") {
            Some(result) => Ok(result.clone()),
            None => Err(format!("{cmd}: {}", answer["error"]["message"])),
        }
    }

    /// Does a command that cannot fail.
    pub(crate) async fn call(&self, cmd: &str, params: Value) -> Value {
        self.ask(cmd, params).await.unwrap_or_else(|cause| panic!("{cause}"))
    }

    /// What the body of a function returns in the page.
    pub(crate) async fn try_script(&self, body: &str) -> Result<Value, String> {
        let expression = format!("(() => {{ {body} }})()");
        let asked = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let done = self.ask("Runtime.evaluate", asked).await?;
        match done.get("exceptionDetails") {
            Some(details) => Err(format!("{body}: {details}")),
            None => Ok(done["result"]["value"].clone()),
        }
    }

    /// The window as PNG, as people see it at this moment.
    pub(crate) async fn shot(&self) -> Result<Vec<u8>, String> {
        let shot = self.ask("Page.captureScreenshot", json!({ "format": "png", "optimizeForSpeed": true })).await?;
        let text = shot["data"].as_str().unwrap_or_default();
        base64::engine::general_purpose::STANDARD.decode(text).map_err(|cause| cause.to_string())
    }

    /// The last lines of the console, and whether the page's process has died.
    pub(crate) async fn console(&self) -> (Vec<String>, bool) {
        let inner = self.0.lock().await;
        (inner.console.iter().cloned().collect(), inner.is_dead)
    }

    /// A screen of this size, whatever the window's.
    pub(crate) async fn resize(&self, (width, height): (u32, u32), ratio: f64) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": ratio, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Bytes of live JavaScript, and DOM nodes, once all garbage is gone.
    pub(crate) async fn memory(&self) -> (u64, u64) {
        // Twice: what the first frees may have held something else.
        for _ in 0..2 {
            self.call("HeapProfiler.collectGarbage", json!({})).await;
        }
        let heap = self.call("Runtime.getHeapUsage", json!({})).await;
        self.call("Performance.enable", json!({})).await;
        let metrics = self.call("Performance.getMetrics", json!({})).await;
        let nodes = metrics["metrics"].as_array().unwrap().iter().find(|it| it["name"] == "Nodes").unwrap();
        (as_whole(&heap["usedSize"]), as_whole(&nodes["value"]))
    }
}

impl Inner {
    async fn answer(&mut self, id: u64) -> Value {
        loop {
            let Some(Ok(message)) = self.socket.next().await else {
                return json!({ "error": { "message": "closed" } });
            };
            let Message::Text(text) = message else { continue };
            let message: Value = serde_json::from_str(&text).unwrap_or_default();
            if message["id"] == id {
                return message;
            }
            self.hear(&message);
        }
    }

    fn hear(&mut self, event: &Value) {
        let params = &event["params"];
        let line = match event["method"].as_str() {
            Some("Log.entryAdded") => {
                let entry = &params["entry"];
                format!("{}: {} {}", entry["level"], entry["text"], entry["url"])
            }
            Some("Runtime.consoleAPICalled") => {
                let said: Vec<_> = params["args"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|it| {
                        it.get("value").or_else(|| it.get("description")).map(ToString::to_string).unwrap_or_default()
                    })
                    .collect();
                format!("console.{}: {}", params["type"].as_str().unwrap_or_default(), said.join(" "))
            }
            Some("Runtime.exceptionThrown") => {
                format!("exception: {}", params["exceptionDetails"]["exception"]["description"])
            }
            Some("Inspector.targetCrashed") => {
                self.is_dead = true;
                "the page's process has died".into()
            }
            _ => return,
        };
        self.console.push_back(line.chars().take(400).collect());
        if self.console.len() > LINES {
            self.console.pop_front();
        }
    }
}

/// The protocol's numbers are floating point, whatever they count.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sizes and counts")]
fn as_whole(number: &Value) -> u64 {
    number.as_f64().unwrap_or_default() as u64
}
