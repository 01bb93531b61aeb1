package faults

import (
	"fmt"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestKilledBetweenPublishAndDelivery: what was acknowledged is delivered by
// the next start, under the same ids and with the same bodies.
func TestKilledBetweenPublishAndDelivery(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	server := s.Start()
	e2etest.Equal(t, "a Follow", p.Send(s.Actor()+"/inbox", p.Follow(s.Actor())), 202)
	p.WaitFor(1)
	hold := make(chan struct{})
	p.Hold(hold)
	first := s.Publish("The first statement")
	p.WaitFor(2) // it has arrived, and no answer goes back
	server.Kill()
	s.Publish("The second statement")
	s.File("correct", first.ID, s.Markdown("The first statement", "As corrected."), "--note", "A word.")
	close(hold)
	p.Hold(nil)
	s.Start()
	e2etest.Eventually(t, "everything has arrived", func() bool { return len(p.Arrivals()) >= 5 })
	bodies := map[string]string{}
	var titles []string
	for _, a := range p.Arrivals()[1:] {
		id := e2etest.Text(a.Fields, "id")
		if before, ok := bodies[id]; ok && before != string(a.Body) {
			t.Errorf("%s has two bodies", id)
		}
		bodies[id] = string(a.Body)
		titles = append(titles, a.Kind()+" "+fmt.Sprint(strings.Contains(e2etest.Text(a.Fields, "object", "content"), "first")))
	}
	// The first may have arrived: a Create for those without, an Update for those with.
	e2etest.Equal(t, "what arrived", titles, []string{"Create true", "Create true", "Update true", "Create false"})
}
