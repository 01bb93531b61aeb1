package rules

import (
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestRenditionIsForEver: a change of the setting changes what is published
// from then on, and never the type of what is out: not where it is fetched, not
// in corrections, not in what is left of it (INTEROP C3).
func TestRenditionIsForEver(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	s.Serve()
	e2etest.Equal(t, "the answer", p.Send(s.Actor()+"/inbox", p.Follow(s.Actor())), 202)
	first := s.Publish("As a note")
	p.WaitFor(2)
	s.Stop()
	s.Configure("rendition: note", "rendition: article")
	s.Serve()
	second := s.Publish("As an article")
	p.WaitFor(3)
	s.File("correct", first.ID, s.Markdown("As a note", "Corrected."), "--note", "A word.")
	p.WaitFor(4)
	s.Stop()
	s.Configure("rendition: article", "rendition: note")
	s.Configure("note_image: false", "note_image: true")
	s.Serve()
	s.File("correct", second.ID, s.Markdown("As an article", "Corrected."), "--note", "A word.")
	p.WaitFor(5)
	s.Illustrated("As a note with its picture")
	p.WaitFor(6)
	var got []string
	for _, a := range p.Arrivals()[1:] {
		got = append(got, a.Kind()+" "+e2etest.Text(a.Fields, "object", "type"))
	}
	e2etest.Equal(t, "what was said", got, []string{"Create Note", "Create Article", "Update Note", "Update Article", "Create Note"})
	pictures, _ := e2etest.At(p.Arrivals()[5].Fields, "object", "attachment").([]any)
	if len(pictures) != 1 || e2etest.Text(pictures[0], "name") != "The harbour at dawn (A. Photographer, CC BY 4.0)" {
		t.Errorf("attached are %v", pictures)
	}
	for f, want := range map[e2etest.Filed]string{first: "Note", second: "Article"} {
		id := s.Base + "/ap/articles/" + f.ID
		e2etest.Equal(t, "the type", e2etest.Object(t, id)["type"], want)
		s.File("withdraw", f.ID, "--reason", "A test.")
		e2etest.Equal(t, "what it was", e2etest.Get(t, id, "Accept", e2etest.ActivityJSON).Fields(t)["formerType"], want)
	}
}
