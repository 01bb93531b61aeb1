// Package traces tells a collector how each entry of the publication log went out: a trace
// of OpenTelemetry for each article that is published, corrected or withdrawn, with a span
// from the entry to the last server that has it and, below it for each actor that says it,
// spans to the first server, to half of them and to the last. It speaks OTLP over HTTP
// (https://opentelemetry.io/docs/specs/otlp/#otlphttp), in protobuf.
//
// What is told is read off the database as [storage.Tx.Reach] counts it: a delivery knows
// nothing of it, there is no span for an inbox, and none has a word of an article, the name
// of a host or a secret. Of several servers of a database one tells. All is bounded, and
// lost if the collector is away for long or the server ends: for what must not be missed
// there are metrics.
package traces
