use super::*;
use proptest::prelude::*;
use std::cmp::Ordering;

/// A decimal text and the exact number behind it, in tenths of a thousandth.
fn decimal() -> impl Strategy<Value = (String, i128)> {
    let whole = prop_oneof![-20i64..20, any::<i64>(), (1i64 << 53) - 3..(1i64 << 53) + 3];
    let fraction = prop_oneof![3 => Just(0u16), 1 => prop::sample::select(vec![5000u16, 2500, 7500])];
    (whole, fraction).prop_map(|(whole, fraction)| {
        let exact = i128::from(whole) * 10_000 + i128::from(fraction) * if whole < 0 { -1 } else { 1 };
        let text = if fraction == 0 { whole.to_string() } else { format!("{whole}.{fraction:04}") };
        (text, exact)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]

    /// What is read at a glance is what reading it carefully gives.
    #[test]
    fn short_numbers_are_read_as_long_ones(text in "-?[0-9]{0,17}(\\.[0-9]{0,17})?|-?[0-9]{1,3}\\.[0-9]{1,13}|[-.0-9e]{0,6}") {
        if let Some(short) = Num::short(&text) {
            prop_assert_eq!(format!("{short:?}"), format!("{:?}", Num::long(&text)), "{}", text);
        }
    }
}

#[test]
fn nearly_all_numbers_are_short() {
    for text in ["0", "-7", "159.32", "-55.54785", "9999999999999999", "0.00000000000001", "1.0"] {
        assert!(Num::short(text).is_some(), "{text}");
    }
}

#[test]
fn notation_does_not_matter() {
    for (text, value) in [
        ("1.0", 1),
        ("10e-1", 1),
        ("0.1E+1", 1),
        ("-0.0", 0),
        ("0e99999999999", 0),
        ("12.50e1", 125),
        ("9007199254740993.000", 9_007_199_254_740_993),
        ("1e38", 10i128.pow(38)),
    ] {
        assert!(matches!(Num::read(text), Num::Int(read) if read == value), "{text}: {:?}", Num::read(text));
    }
    for text in ["0.5", "1e-1", "1e39", "12.5", "1e999", "-1e999"] {
        assert!(matches!(Num::read(text), Num::Float(_)), "{text}");
    }
}

#[test]
fn doubles_beyond_whole_numbers_are_placed() {
    let (min, max) = (Num::Int(i128::MIN), Num::Int(i128::MAX));
    assert_eq!(max.compare(Num::read("1e39")), Ordering::Less);
    assert_eq!(max.compare(Num::Float(BEYOND)), Ordering::Less);
    assert_eq!(min.compare(Num::Float(-BEYOND)), Ordering::Equal);
    assert_eq!(min.compare(Num::read("-1e999")), Ordering::Greater);
    assert_eq!(min.remainder(Num::Int(-1)).unwrap().compare(Num::Int(0)), Ordering::Equal);
    assert!(matches!(min.divide(Num::Int(-1)), Ok(Num::Float(_))));
    assert_eq!(max.divide(Num::Int(0)).unwrap_err(), Trouble::DividedByZero);
    assert_eq!(Num::read("1e308").multiply(Num::Int(10)).unwrap_err(), Trouble::TooLarge);
}

proptest! {
    #[test]
    fn comparing_is_exact((a, exact_a) in decimal(), (b, exact_b) in decimal()) {
        // A fraction on a number beyond 2^53 is lost when the text is read; everything else is exact.
        let lossy = |text: &str| text.contains('.') && text.len() > 19;
        prop_assume!(!lossy(&a) && !lossy(&b));
        prop_assert_eq!(Num::read(&a).compare(Num::read(&b)), exact_a.cmp(&exact_b), "{} {}", a, b);
    }

    #[test]
    fn keys_are_equal_when_numbers_are((a, _) in decimal(), (b, _) in decimal()) {
        let key = |number: Num| { let mut key = String::new(); number.push_key(&mut key); key };
        let (a, b) = (Num::read(&a), Num::read(&b));
        prop_assert_eq!(key(a) == key(b), a.compare(b).is_eq());
        prop_assert_eq!(key(Num::Float(a.float())) == key(a), Num::Float(a.float()).compare(a).is_eq());
    }

    #[test]
    fn what_is_written_is_json_and_reads_the_same(float in any::<f64>().prop_filter("finite", |f| f.is_finite())) {
        let number = Num::normal(float);
        let text = number.to_string();
        prop_assert_eq!(serde_json::from_str::<f64>(&text).unwrap(), float, "{}", text);
        // Beyond 2^53 the shortest text names a whole number next to the double, and is read as exactly that.
        prop_assert!(Num::read(&text).compare(number).is_eq() || float.abs() > EXACT);
        prop_assert!(!text.ends_with(".0") && text.len() < 30, "{}", text);
    }
}
