use serde_json::{Value, json};

use super::*;
use crate::track::finding::{Cause, Certainty, Earlier, Findings, RetransmissionCause, sample};

fn json(value: &impl Put) -> Value {
    let mut line = Vec::new();
    value.put(&mut line);
    serde_json::from_slice(&line).unwrap()
}

fn schema(definition: &str) -> jsonschema::Validator {
    let mut schema: Value =
        serde_json::from_str(include_str!("../../../../docs/ndjson.schema.json")).unwrap();
    schema.as_object_mut().unwrap().remove("oneOf");
    schema["$ref"] = json!(format!("#/$defs/{definition}"));
    jsonschema::validator_for(&schema).unwrap()
}

#[test]
fn a_finding_of_every_kind_and_cause_fits_the_schema() {
    let validator = schema("finding");
    for finding in sample::every() {
        let value = json(&Object::Finding(&finding));
        if let Err(error) = validator.validate(&value) {
            panic!("{error}\n{value}");
        }
        assert_eq!(
            (&value["kind"], &value["cause"]),
            (&json!(finding.kind().name()), &json!(finding.cause().map(Cause::name)))
        );
        assert!(!value["text"].as_str().unwrap().is_empty());
    }
}

#[test]
fn a_retransmission_is_written_with_its_evidence() {
    let finding = Finding::Retransmission {
        octets: (2001, 3001),
        of: Some(Earlier { frame: 6, ago: Some(212_000_000) }),
        overtaken_by: None,
        partly: false,
        cause: RetransmissionCause::Timeout { attempt: 2 },
        certainty: Certainty::Likely,
    };
    let mut value = json(&Object::Finding(&finding));
    value.as_object_mut().unwrap().remove("text");
    assert_eq!(
        value,
        json!({
            "kind": "retransmission", "cause": "timeout", "certainty": "likely", "of_frame": 6,
            "octets": [2001, 3001], "first_seen": false, "ago": 0.212, "attempt": 2,
        })
    );
}

#[test]
fn a_connection_counts_its_findings_by_kind_and_cause_and_gives_the_first_few() {
    let mut findings = Findings::default();
    (1..).zip(sample::every()).for_each(|(frame, finding)| findings.insert(frame, finding));
    let value = json(&Object::Findings(&findings));
    if let Err(error) = schema("findings").validate(&value) {
        panic!("{error}\n{value}");
    }
    assert_eq!(value["counts"]["retransmission"], 15);
    assert_eq!(value["causes"]["retransmission"]["tail_loss_probe"], 1);
    assert_eq!(value["causes"]["reset"].as_object().unwrap().len(), 10);
    assert_eq!(value["causes"].get("path_mtu"), None);
    let frames: Vec<_> = value["first"].as_array().unwrap().iter().map(|one| one["frame"].clone()).collect();
    assert_eq!(frames, [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(
        json(&Object::Findings(&Findings::default())),
        json!({"counts": {}, "causes": {}, "first": []})
    );
}
