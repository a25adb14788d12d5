//! Event types as people call them. Knows nothing of screens.

/// The end of an event type by which it is known: `order-placed` of `io.genesisdb.shop.order-placed`.
///
/// Event types begin with what most of a store's have in common, a domain name written backwards mostly. The last part
/// says enough when it is made of several words (`order-placed`, `OrderPlaced`). A single word needs the part before it
/// (`order.placed`: there may be an `invoice.placed`), and a version says nothing at all (`order-placed.v2`).
pub fn short_kind(kind: &str) -> &str {
    let mut from = kind.len();
    loop {
        let before = kind.get(..from).unwrap_or_default();
        let dot = before.strip_suffix('.').unwrap_or(before).rfind('.');
        let start = dot.map_or(0, |dot| dot + 1);
        let part = before.get(start..).unwrap_or_default().trim_end_matches('.');
        let (short, words) = (kind.get(start..).unwrap_or(kind), words(part));
        match (start, words) {
            (0, _) => return kind,
            (_, Words::Several) => return short,
            (_, Words::One) => {
                let parent = kind.get(..start - 1).and_then(|parent| parent.rfind('.')).map_or(0, |dot| dot + 1);
                return kind.get(parent..).unwrap_or(kind);
            }
            (_, Words::None) => from = start,
        }
    }
}

/// How much a part of an event type says.
enum Words {
    /// Nothing: it is empty, a number, or a version.
    None,
    One,
    Several,
}

fn words(part: &str) -> Words {
    let digits = part.strip_prefix(['v', 'V']).unwrap_or(part);
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Words::None;
    }
    let mut humps = part.chars().zip(part.chars().skip(1));
    let several = part.contains(['-', '_', ':', '/', ' '])
        || humps.any(|(before, here)| before.is_lowercase() && here.is_uppercase());
    if several { Words::Several } else { Words::One }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn says_enough_and_no_more() {
        for (kind, short) in [
            ("io.genesisdb.shop.order-placed", "order-placed"),
            ("com.example.OrderPlaced", "OrderPlaced"),
            ("com.github.pull_request.opened", "pull_request.opened"),
            ("com.acme.order.placed", "order.placed"),
            ("order.placed", "order.placed"),
            ("com.acme.order-placed.v2", "order-placed.v2"),
            ("com.acme.order.placed.v2", "order.placed.v2"),
            ("com.acme.order.placed.2", "order.placed.2"),
            ("com.acme.user.v2.1", "acme.user.v2.1"),
            ("placed", "placed"),
            ("a.b", "a.b"),
            ("v2", "v2"),
            ("1.2", "1.2"),
            ("t.", "t."),
            ("com.acme.order-placed.", "order-placed."),
            ("", ""),
            (".", "."),
            ("..", ".."),
            ("é.ü-ö", "ü-ö"),
        ] {
            assert_eq!(short_kind(kind), short, "{kind}");
        }
    }

    proptest! {
        #[test]
        fn is_an_end_of_whole_parts(kind in "[aBé1v.\\-]{0,12}") {
            let short = short_kind(&kind);
            prop_assert!(kind.ends_with(short));
            prop_assert!(short.len() == kind.len() || kind[..kind.len() - short.len()].ends_with('.'));
            prop_assert_eq!(short.is_empty(), kind.is_empty());
        }
    }
}
