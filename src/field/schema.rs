//! The JSON Schema (2020-12) of ndjson, made from the registry.

mod json;

use json::Json;

use super::catalogue::sentence;
use super::records::{RECORDS, Record};
use super::shape::{Field, Names, Shape, Type, Variant};

/// Keys and values of an object.
type Pairs = Vec<(&'static str, Json)>;

/// The schema of one line of ndjson, as `docs/ndjson.schema.json` holds it.
pub fn schema() -> String {
    let mut definitions = Definitions::default();
    definitions.common();
    for record in &RECORDS {
        definitions.record(record);
    }
    let records = RECORDS.iter().map(|record| reference(record.shape.name)).collect();
    Json::object([
        ("$schema", Json::text("https://json-schema.org/draft/2020-12/schema")),
        ("title", Json::text("tcpscope --format ndjson, one line")),
        (
            "description",
            Json::text("Schema 1. Made from the registry of fields; docs/ndjson.md is the contract."),
        ),
        ("oneOf", Json::List(records)),
        ("$defs", Json::Object(definitions.0)),
    ])
    .pretty()
}

/// What `$defs` holds, each definition behind those that it refers to.
#[derive(Default)]
struct Definitions(Vec<(String, Json)>);

impl Definitions {
    fn add(&mut self, name: &str, definition: Json) {
        self.0.push((name.to_owned(), definition));
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    fn common(&mut self) {
        let about = |about: &str, rest: Pairs| {
            Json::object([("description", Json::text(about))].into_iter().chain(rest))
        };
        let text = |pattern| vec![("type", Json::text("string")), ("pattern", Json::text(pattern))];
        let time = about("Seconds since the epoch with nine decimals.", text(r"^-?[0-9]{1,10}\.[0-9]{9}$"));
        self.add("time", time);
        let seconds = about(
            "A duration in seconds; negative where the clock ran backwards.",
            vec![("type", Json::text("number"))],
        );
        self.add("seconds", seconds);
        self.add("addr", about("An IPv4 or IPv6 address.", text("^[0-9a-f.:]+$")));
        self.add("hex", about("Octets, two hexadecimal digits each.", text("^([0-9a-f]{2})*$")));
    }

    fn record(&mut self, record: &Record) {
        self.needed_by(record.shape);
        let kind = [("type", Json::object([("const", Json::text(record.name))]))];
        self.add(record.shape.name, object(record.shape, &kind));
    }

    fn shape(&mut self, shape: &Shape) {
        if !self.has(shape.name) {
            self.needed_by(shape);
            self.add(shape.name, object(shape, &[]));
        }
    }

    fn names(&mut self, names: &Names) {
        if !self.has(names.name) {
            let all = names.all().into_iter().map(Json::text).collect();
            let about = Json::text(&format!("{}.", names.about));
            self.add(names.name, Json::object([("description", about), ("enum", Json::List(all))]));
        }
    }

    fn needed_by(&mut self, shape: &Shape) {
        for field in shape.fields {
            match field.kind {
                // What tells variants apart is a constant in each.
                Type::Name(names) if shape.variants.first().is_none_or(|one| one.by != field.name) => {
                    self.names(names);
                }
                Type::Set(names) | Type::Counts(names) => self.names(names),
                Type::CountsOf(names, inner) => {
                    self.names(names);
                    self.names(inner);
                }
                Type::Object(inner) | Type::List(inner, _) => self.shape(inner),
                _ => {}
            }
        }
    }
}

fn reference(name: &str) -> Json {
    Json::object([("$ref", Json::Text(format!("#/$defs/{name}")))])
}

/// The schema of objects of this shape; `before` are properties in front of its fields.
fn object(shape: &Shape, before: &[(&'static str, Json)]) -> Json {
    let about = ("description", Json::Text(format!("{}.", shape.about)));
    if shape.variants.is_empty() {
        return Json::object([about].into_iter().chain(properties(shape, None, before)));
    }
    let one = |variant| Json::object(properties(shape, Some(variant), before));
    Json::object([about, ("oneOf", Json::List(shape.variants.iter().map(one).collect()))])
}

/// The properties of a shape, or of one of its variants.
fn properties(shape: &Shape, variant: Option<&Variant>, before: &[(&'static str, Json)]) -> Pairs {
    let own = |field: &&Field| match variant {
        None => true,
        Some(variant) => {
            let named = |other: &Variant| other.fields.contains(&field.name);
            named(variant) || !shape.variants.iter().any(named)
        }
    };
    let schema = |field: &Field| match variant {
        Some(variant) if variant.by == field.name => Json::object([("const", Json::text(variant.name))]),
        Some(variant) => {
            let only = variant.only.iter().find(|(name, _)| *name == field.name);
            property(&Field { kind: only.map_or(field.kind, |(_, kind)| *kind), ..*field })
        }
        None => property(field),
    };
    let fields: Vec<_> = shape.fields.iter().filter(own).collect();
    let needed = |field: &&&Field| variant.is_some() || field.when.is_none();
    let required = before.iter().map(|(name, _)| *name);
    let required: Vec<_> =
        required.chain(fields.iter().filter(needed).map(|field| field.name)).map(Json::text).collect();
    let all = before.iter().cloned().chain(fields.iter().map(|field| (field.name, schema(field))));
    vec![
        ("type", Json::text("object")),
        ("properties", Json::object(all)),
        ("required", Json::List(required)),
        ("additionalProperties", Json::Bool(false)),
    ]
}

/// The schema of a field: what it means, and what its values are.
fn property(field: &Field) -> Json {
    let mut about = sentence(field);
    if let Some(when) = field.when {
        about.push_str(&format!(" Only there: {when}."));
    }
    let mut pairs = vec![("description", Json::Text(about))];
    let values = values(field.kind);
    let is_type = matches!(values.first(), Some(("type", _)));
    match (field.nullable, is_type) {
        (false, _) => pairs.extend(values),
        // `null` is one more type, and what else is said of the values does not concern it.
        (true, true) => pairs.extend(values.into_iter().map(|(key, value)| match key {
            "type" => (key, Json::List(vec![value, Json::text("null")])),
            _ => (key, value),
        })),
        (true, false) => {
            let null = Json::object([("type", Json::text("null"))]);
            pairs.push(("anyOf", Json::List(vec![Json::object(values), null])));
        }
    }
    Json::object(pairs)
}

/// What the values of a type are.
fn values(kind: Type) -> Pairs {
    let typed = |name, rest: Pairs| [("type", Json::text(name))].into_iter().chain(rest).collect();
    let refer = |name: &str| vec![("$ref", Json::Text(format!("#/$defs/{name}")))];
    let size = |n: usize| Json::Number(i64::try_from(n).unwrap_or(i64::MAX));
    let counts = || Json::object(values(super::shape::FRAME));
    match kind {
        Type::Whole(least, most) => {
            let bounds = [("minimum", least), ("maximum", most)];
            typed(
                "integer",
                bounds.into_iter().filter_map(|(key, n)| Some((key, Json::Number(n?)))).collect(),
            )
        }
        Type::Among(numbers) => {
            vec![("enum", Json::List(numbers.iter().map(|n| Json::Number(*n)).collect()))]
        }
        Type::Real => typed("number", vec![("minimum", Json::Number(0))]),
        Type::Duration => refer("seconds"),
        Type::Time => refer("time"),
        Type::Boolean => typed("boolean", vec![]),
        Type::Address => refer("addr"),
        Type::Octets => refer("hex"),
        Type::Name(names) => refer(names.name),
        Type::Set(names) => {
            typed("array", vec![("items", reference(names.name)), ("uniqueItems", Json::Bool(true))])
        }
        Type::Text(pattern) => {
            typed("string", pattern.map(|text| ("pattern", Json::text(text))).into_iter().collect())
        }
        Type::Object(shape) => refer(shape.name),
        Type::List(shape, most) => {
            let most = most.map(|most| ("maxItems", size(most)));
            typed("array", [("items", reference(shape.name))].into_iter().chain(most).collect())
        }
        Type::Wholes(least, most, fewest, many) => {
            let items = Json::object(values(Type::Whole(least, most)));
            typed("array", vec![("items", items), ("minItems", size(fewest)), ("maxItems", size(many))])
        }
        Type::Pairs(most) => {
            let pair = Json::object(values(Type::Wholes(Some(0), Some(u32::MAX.into()), 2, 2)));
            typed("array", vec![("items", pair), ("maxItems", size(most))])
        }
        Type::Texts => typed("array", vec![("items", Json::object([("type", Json::text("string"))]))]),
        Type::Counts(names) => typed(
            "object",
            vec![("propertyNames", reference(names.name)), ("additionalProperties", counts())],
        ),
        Type::CountsOf(names, inner) => {
            let inner = Json::object(values(Type::Counts(inner)));
            typed("object", vec![("propertyNames", reference(names.name)), ("additionalProperties", inner)])
        }
    }
}
