//! A conversation of hostile segments as material: whatever is asked about it has a key that is marked as right.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tcpscope::exercise::material::Collector;
use tcpscope::exercise::question::Mark;
use tcpscope::exercise::round::{Plan, choose};
use tcpscope::exercise::worksheet;
use tcpscope_fuzz::conversation::packets;
use tcpscope_fuzz::take::Take;

fuzz_target!(|octets: &[u8]| {
    let mut head = Take(octets);
    let seed = u64::from(head.octet());
    let mut collector = Collector::default();
    for (packet, number) in packets(head.0, [u32::MAX - 40, 5000]).iter().zip(1..) {
        collector.frame(&packet.frame(number));
    }
    let material = collector.finish();
    let plan = Plan { seed, count: 100, level: None };
    let questions = choose(plan, &material);
    for question in &questions {
        assert_eq!(question.mark(&question.key_shown()), Mark::Right, "{question:?}");
        for (slip, _) in &question.slips {
            let typed = question.form.show(slip);
            assert_ne!(question.mark(&typed), Mark::Right, "{typed} for {question:?}");
        }
    }
    let filled = worksheet::read(&worksheet::key(plan, &material, &questions)).expect("our own sheet");
    assert_eq!(filled.plan, plan);
    assert_eq!(filled.fingerprint, Some(material.fingerprint()));
    for (answer, mark) in worksheet::mark(&filled, &questions) {
        assert_eq!(mark, Mark::Right, "{answer}");
    }
});
