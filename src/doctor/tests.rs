//! What the doctor reads out of addresses.

use super::*;

#[test]
fn the_name_in_a_callback_is_read_whoever_signed_it() {
    for (address, expected) in [
        ("/callback/kittens.AB…?mode=subscribe", Some("kittens")),
        ("/callback/1%40N01-my_faves.AB%E2%80%A6", Some("1@N01-my_faves")),
        ("/callback?sub=1%40N01-my_faves.AB…&mode=subscribe", Some("1@N01-my_faves")),
        ("/callback/kittens", None),
        ("/callback/", None),
        ("/callback/my kittens.AB", None),
        ("/wp-login.php", None),
    ] {
        assert_eq!(spelled(address).map(|it| it.to_string()).as_deref(), expected, "{address}");
    }
}
