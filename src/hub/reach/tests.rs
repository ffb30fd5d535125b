//! No address of a special range is admitted, however it is spelled and whoever resolves it.

use std::net::{Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use super::*;

/// A resolver of straw: it says what it is told to say.
#[derive(Debug, Clone)]
struct Straw(Vec<SocketAddr>);

impl Resolve for Straw {
    fn resolve(&self, _: Name) -> Resolving {
        let found = self.0.clone();
        Box::pin(async move { Ok(Box::new(found.into_iter()) as Addrs) })
    }
}

fn sieved(reach: Reach, found: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let sieve = Sieve { resolver: Arc::new(Straw(found)), reach };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let resolved = runtime.block_on(sieve.resolve("callback.test".parse().unwrap()));
    resolved.map(Iterator::collect).unwrap_or_default()
}

#[test]
fn special_ranges_are_known_from_their_first_address_to_their_last() {
    let check = |first: &str, last: &str, before: Option<&str>, after: Option<&str>| {
        let public = |text: &str| is_public(text.parse().unwrap());
        assert!(!public(first) && !public(last), "{first} to {last}");
        for outside in before.into_iter().chain(after) {
            assert!(public(outside), "{outside}");
        }
    };
    check("0.0.0.0", "0.255.255.255", None, Some("1.0.0.0"));
    check("10.0.0.0", "10.255.255.255", Some("9.255.255.255"), Some("11.0.0.0"));
    check("100.64.0.0", "100.127.255.255", Some("100.63.255.255"), Some("100.128.0.0"));
    check("127.0.0.0", "127.255.255.255", Some("126.255.255.255"), Some("128.0.0.0"));
    check("169.254.0.0", "169.254.255.255", Some("169.253.255.255"), Some("169.255.0.0"));
    check("172.16.0.0", "172.31.255.255", Some("172.15.255.255"), Some("172.32.0.0"));
    check("192.0.0.0", "192.0.0.255", Some("191.255.255.255"), Some("192.0.1.0"));
    check("192.0.2.0", "192.0.2.255", Some("192.0.1.255"), Some("192.0.3.0"));
    check("192.168.0.0", "192.168.255.255", Some("192.167.255.255"), Some("192.169.0.0"));
    check("198.18.0.0", "198.19.255.255", Some("198.17.255.255"), Some("198.20.0.0"));
    check("224.0.0.0", "255.255.255.255", Some("223.255.255.255"), None);
    check("::", "::1", None, None);
    check("::7f00:1", "::ffff:127.0.0.1", None, Some("::ffff:1.1.1.1"));
    check("::ffff:10.0.0.1", "::ffff:169.254.169.254", None, None);
    check("64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1", None, Some("64:ff9b::1.1.1.1"));
    check("64:ff9b:1::1.1.1.1", "1fff:ffff::", None, Some("2000::1"));
    check("2001::", "2001:1ff:ffff::", None, Some("2001:200::1"));
    check("2001:db8::", "2001:db8:ffff::", Some("2001:db7::1"), Some("2001:db9::1"));
    check("2002::", "2002:7f00:1::", None, Some("2003::1"));
    check("4000::", "5f00::1", Some("3ffe::1"), None);
    check("fc00::1", "fdff::1", None, None);
    check("fe80::1", "febf::1", None, None);
    check("ff02::1", "ff0e::1", None, None);
}

proptest! {
    #[test]
    fn what_the_standard_library_knows_to_be_special_is_not_public(bits: u32, high: u128) {
        let (v4, v6) = (Ipv4Addr::from_bits(bits), Ipv6Addr::from_bits(high));
        let special = v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_multicast()
            || v4.is_broadcast() || v4.is_documentation() || v4.is_unspecified();
        prop_assert!(!(special && is_public(v4.into())));
        prop_assert_eq!(is_public(v4.into()), is_public(v4.to_ipv6_mapped().into()), "in IPv6 it is the same address");
        let special = v6.is_loopback() || v6.is_multicast() || v6.is_unspecified() || v6.is_unique_local()
            || v6.is_unicast_link_local();
        prop_assert!(!(special && is_public(v6.into())));
    }

    /// Whatever a resolver says, what is connected to is public.
    #[test]
    fn no_address_of_a_special_range_comes_through_the_sieve(
        v4 in prop::collection::vec(prop_oneof![any::<u32>(), 0x7f00_0000..0x7f00_00ff_u32, 0x0a00_0000..0x0a00_00ff_u32], 0..5),
        v6 in prop::collection::vec(prop_oneof![any::<u128>(), 0_u128..0xff, (0xffff_0000_0000_u128..=0xffff_ffff_ffff)], 0..5),
    ) {
        let v4 = v4.into_iter().map(|bits| IpAddr::from(Ipv4Addr::from_bits(bits)));
        let v6 = v6.into_iter().map(|bits| IpAddr::from(Ipv6Addr::from_bits(bits)));
        let found: Vec<SocketAddr> = v4.chain(v6).map(|ip| SocketAddr::new(ip, 0)).collect();
        let through = sieved(Reach::World, found.clone());
        prop_assert!(through.iter().all(|it| is_public(it.ip())), "{:?}", through);
        prop_assert_eq!(through.len(), found.iter().filter(|it| is_public(it.ip())).count(), "and no other is lost");
    }
}

#[test]
fn callbacks_that_spell_a_special_address_are_refused_however_they_do() {
    let check = |callback: &str| Reach::World.check(&Url::parse(callback).unwrap());
    for callback in [
        "http://127.0.0.1/cb",
        "http://127.1/cb",
        "http://2130706433/cb",
        "http://0x7f.0.0.1:8080/cb",
        "http://0177.0.0.1/cb",
        "http://127.0.0.1./cb",
        "http://%31%32%37.0.0.1/cb",
        "http://１２７.0.0.1/cb",
        "https://10.0.0.7/cb",
        "http://169.254.169.254/latest/meta-data",
        "http://0/cb",
        "http://[::1]/cb",
        "http://[::ffff:127.0.0.1]/cb",
        "http://[::ffff:a9fe:a9fe]/cb",
        "http://[64:ff9b::7f00:1]/cb",
        "http://[fe80::1]/cb",
        "http://[fd00:ec2::254]/cb",
    ] {
        assert_eq!(check(callback), Err(OutOfReach::Special), "{callback}");
    }
    assert_eq!(check("ftp://example.org/cb"), Err(OutOfReach::Scheme));
    assert_eq!(check("http://user@example.org/cb"), Err(OutOfReach::Parts));
    assert_eq!(check("http://example.org/cb#here"), Err(OutOfReach::Parts));
    assert_eq!(check("http://example.org:25/cb"), Err(OutOfReach::Port));
    assert_eq!(check(&format!("http://example.org/{}", "c".repeat(MAX_CALLBACK))), Err(OutOfReach::Long));
    for callback in ["http://example.org/cb?a=b", "https://1.1.1.1/cb", "http://example.org:8080/", "http://localhost/"]
    {
        assert_eq!(check(callback), Ok(()), "{callback}: names are checked when they are resolved");
    }
}

#[test]
fn a_hub_that_is_tried_out_reaches_this_machine_and_no_other_of_its_network() {
    let check = |callback: &str| Reach::ThisMachine.check(&Url::parse(callback).unwrap());
    assert_eq!(check("http://127.0.0.1:5000/cb"), Ok(()));
    assert_eq!(check("http://[::1]:5000/cb"), Ok(()));
    assert_eq!(check("http://192.168.0.1:5000/cb"), Err(OutOfReach::Special));
    assert_eq!(check("http://169.254.169.254/"), Err(OutOfReach::Special));
}

#[tokio::test]
async fn nobody_here_is_connected_to_whatever_a_name_resolves_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let here = |reach| Caller::with_resolver(reach, Straw(vec!["127.0.0.1:0".parse().unwrap()])).unwrap();
    let address = format!("http://callback.test:{port}/cb");
    let error = here(Reach::World).client().get(&address).send().await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    let system = Caller::new(Reach::World).unwrap();
    let error = system.client().get(format!("http://localhost:{port}/cb")).send().await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    // The listener's first visitor is the one that is admitted: none came before.
    let client = here(Reach::ThisMachine);
    let asking = tokio::spawn(async move { client.client().get(address).header("x-first", "yes").send().await });
    let (mut socket, _) = listener.accept().await.unwrap();
    let mut head = [0; 1024];
    let n = socket.read(&mut head).await.unwrap();
    assert!(String::from_utf8_lossy(&head[..n]).contains("x-first: yes"));
    drop(socket);
    assert!(asking.await.unwrap().is_err());
}
