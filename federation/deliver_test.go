package federation

import (
	"errors"
	"testing"

	"communique/storage/deliveries"
	"communique/storage/delivery"
	"communique/storage/press"
	"communique/storage/publog"
)

// TestAnActorThatIsNoMore says nothing, and what it had still to say keeps
// nothing back: the withdrawal behind it is the author's.
func TestAnActorThatIsNoMore(t *testing.T) {
	t.Parallel()
	s := &Server{actors: localActors(Options{Site: theMinistry.site, Author: Profile{Name: "ministry"}})}
	to := deliveries.Destination{Source: publog.ActorSource("retired")}
	for _, verb := range []delivery.Verb{delivery.Announce, delivery.Profile, delivery.Move} {
		err := s.Sender().Send(t.Context(), to, delivery.Step{Verb: verb, Entry: press.Entry{Seq: 1}})
		var f *delivery.Failure
		if !errors.As(err, &f) || f.Verdict != delivery.Refused {
			t.Errorf("%s: %v, which is tried again", verb, err)
		}
	}
}
