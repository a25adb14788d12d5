use super::*;

#[test]
fn waits_double_up_to_the_most() {
    let policy = Policy { first: Duration::from_millis(100), most: Duration::from_secs(2) };
    for (attempt, whole) in [(1, 100), (2, 200), (3, 400), (6, 2000), (400, 2000)] {
        let wait = policy.wait(attempt);
        let whole = Duration::from_millis(whole);
        assert!(wait >= whole / 2 && wait <= whole, "{attempt}: {wait:?}");
    }
}
