//! Many values as few: counts of parts of an axis, and means of parts of a line.

/// Where parts begin, ascending, and where the last one ends; how many values fall into each. What lies outside is not
/// counted.
pub fn count(bounds: &[f64], values: impl IntoIterator<Item = f64>) -> Vec<u64> {
    let mut counts = vec![0; bounds.len().saturating_sub(1)];
    for value in values {
        let behind = bounds.partition_point(|bound| *bound <= value);
        if let Some(count) = behind.checked_sub(1).and_then(|at| counts.get_mut(at)) {
            *count += 1;
        }
    }
    counts
}

/// The points of a line, from left to right; of more than `at_most`, means of so many equal parts of the range.
///
/// Tells how wide a part is, if there are any.
pub fn thin(mut points: Vec<(f64, f64)>, from: f64, to: f64, at_most: usize) -> (Vec<(f64, f64)>, Option<f64>) {
    if points.len() <= at_most || to <= from || at_most == 0 {
        points.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        return (points, None);
    }
    let width = (to - from) / at_most as f64;
    let mut parts = vec![(0.0f64, 0.0f64, 0u32); at_most];
    for (x, y) in points {
        // The range's end belongs to its last part.
        let at = (((x - from) / width) as usize).min(at_most - 1);
        if let Some((sum_x, sum_y, count)) = parts.get_mut(at) {
            // Offsets are summed, so that large numbers keep their small differences.
            *sum_x += x - from;
            *sum_y += y;
            *count += 1;
        }
    }
    let mean = |(x, y, count): (f64, f64, u32)| (from + x / f64::from(count), y / f64::from(count));
    (parts.into_iter().filter(|(_, _, count)| *count > 0).map(mean).collect(), Some(width))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_are_those_of_looking_at_every_part(
            mut bounds in prop::collection::vec(-100i32..100, 2..12),
            values in prop::collection::vec(-120i32..120, 0..200),
        ) {
            bounds.sort_unstable();
            bounds.dedup();
            let naive: Vec<u64> = bounds.windows(2)
                .map(|part| values.iter().filter(|value| (part[0]..part[1]).contains(value)).count() as u64)
                .collect();
            let bounds: Vec<f64> = bounds.into_iter().map(f64::from).collect();
            prop_assert_eq!(count(&bounds, values.into_iter().map(f64::from)), naive);
        }

        #[test]
        fn means_are_those_of_each_part(values in prop::collection::vec((0u32..1000, -500i32..500), 1..400), at_most in 1usize..40) {
            let points: Vec<(f64, f64)> = values.iter().map(|(x, y)| (f64::from(*x), f64::from(*y))).collect();
            let (from, to) = (0.0, 1000.0);
            let (thinned, width) = thin(points.clone(), from, to, at_most);
            prop_assert!(thinned.len() <= at_most.max(points.len().min(at_most)));
            prop_assert!(thinned.windows(2).all(|pair| pair[0].0 <= pair[1].0));
            match width {
                None => {
                    let mut sorted = points;
                    sorted.sort_by(|(a, _), (b, _)| a.total_cmp(b));
                    prop_assert_eq!(thinned, sorted);
                }
                Some(width) => {
                    let mut naive = Vec::new();
                    for part in 0..at_most {
                        let of: Vec<_> = points.iter().filter(|(x, _)| ((x / width) as usize).min(at_most - 1) == part).collect();
                        if !of.is_empty() {
                            let mean = |sum: f64| sum / of.len() as f64;
                            naive.push((mean(of.iter().map(|p| p.0).sum()), mean(of.iter().map(|p| p.1).sum())));
                        }
                    }
                    prop_assert_eq!(thinned.len(), naive.len());
                    for (found, expected) in thinned.iter().zip(naive) {
                        prop_assert!((found.0 - expected.0).abs() < 1e-6 && (found.1 - expected.1).abs() < 1e-6);
                    }
                }
            }
        }
    }
}
