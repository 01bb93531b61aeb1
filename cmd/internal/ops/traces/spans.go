package traces

import (
	"crypto/sha256"
	"fmt"
	"time"

	commonpb "go.opentelemetry.io/proto/slim/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/slim/otlp/trace/v1"

	"communique/storage/deliveries"
	"communique/storage/press"
)

// names are those of the traces, by what an entry says was done.
var names = map[press.Kind]string{press.KindPublished: "publish", press.KindCorrected: "correct", press.KindWithdrawn: "withdraw"}

// reached is how far an entry has got that an actor has said.
type reached struct {
	actor string
	deliveries.Reach
}

// spansOf are the spans of the trace of an entry. Its ids follow from site and entry, so
// that a trace which is told twice is the same one.
func spansOf(site string, e press.Entry, all []reached) []*tracepb.Span {
	id := sha256.Sum256(fmt.Appendf(nil, "%s %d", site, e.Seq))
	root := &tracepb.Span{
		TraceId: id[:16], SpanId: id[16:24], Name: names[e.Kind], Kind: tracepb.Span_SPAN_KIND_INTERNAL,
		StartTimeUnixNano: nano(e.At), EndTimeUnixNano: nano(e.At), Attributes: []*commonpb.KeyValue{number("communique.entry", int(e.Seq))},
	}
	spans := []*tracepb.Span{root}
	for _, r := range all {
		for _, part := range partsOf(r.Reach) {
			child := sha256.Sum256(fmt.Appendf(nil, "%s %d %s %s", site, e.Seq, r.actor, part.name))
			spans = append(spans, &tracepb.Span{
				TraceId: id[:16], SpanId: child[:8], ParentSpanId: id[16:24], Name: part.name, Kind: tracepb.Span_SPAN_KIND_INTERNAL,
				StartTimeUnixNano: nano(e.At), EndTimeUnixNano: nano(part.at),
				Attributes: []*commonpb.KeyValue{
					text("communique.actor", r.actor), number("communique.servers", r.Servers), number("communique.servers.reached", r.Reached),
					number("communique.servers.behind", r.Behind), number("communique.servers.refused", r.Refused),
				},
			})
			root.EndTimeUnixNano = max(root.GetEndTimeUnixNano(), nano(part.at))
		}
	}
	return spans
}

// part is how long a part of the deliveries took.
type part struct {
	name string
	at   time.Time
}

func partsOf(r deliveries.Reach) (all []part) {
	if len(r.Progress) == 0 {
		return nil
	}
	all = []part{{"first delivery", r.Progress[0].At}}
	if took, ok := r.Within(50); ok {
		all = append(all, part{"half of the deliveries", r.Entry.At.Add(took)})
	}
	return append(all, part{"last delivery", r.Progress[len(r.Progress)-1].At})
}

// nano is an instant as OTLP has it. There is none before 1970.
func nano(at time.Time) uint64 { return uint64(max(0, at.UnixNano())) }

func number(key string, value int) *commonpb.KeyValue {
	return &commonpb.KeyValue{Key: key, Value: &commonpb.AnyValue{Value: &commonpb.AnyValue_IntValue{IntValue: int64(value)}}}
}

func text(key, value string) *commonpb.KeyValue {
	return &commonpb.KeyValue{Key: key, Value: &commonpb.AnyValue{Value: &commonpb.AnyValue_StringValue{StringValue: value}}}
}
