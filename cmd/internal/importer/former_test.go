package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"communique/storage/press"
)

const formerPage = `<!DOCTYPE html><html lang="en"><head><title>Aid for 106 people</title></head><body><article>
<h1>Aid for 10<sup>6</sup> people</h1><p>3 May 2026</p>
<p>The Ministry has released aid for one million people in the north, as the Minister said today in Port Almira.</p>
<ol type="a"><li>Food for the winter</li></ol>
<p>Talks go on at 10&nbsp;000&nbsp;€ a day. <button>More</button></p>
</article></body></html>`

// TestFormerIdentity: what a page was known by up to version 0.4 is known still,
// though title and text are another today.
func TestFormerIdentity(t *testing.T) {
	t.Parallel()
	p, err := ReadPage("a.html", []byte(formerPage), Options{Zone: time.UTC})
	if err != nil || p.Refused != "" {
		t.Fatal(err, p.Refused)
	}
	const body = "<p>The Ministry has released aid for one million people in the north, as the Minister said today in Port Almira.</p>\n" +
		"<ol><li>Food for the winter</li></ol>\n<p>Talks go on at 10\u00a0000\u00a0€ a day.</p>"
	sum := sha256.Sum256([]byte("Aid for 106 people\x00" + p.Date + "\x00en\x00" + body))
	if got, want := p.FormerIdentity(), "sha256:"+hex.EncodeToString(sum[:]); got != want {
		t.Errorf("%s, want %s: title %q, body %s", got, want, p.formerTitle(), p.former.body)
	}
	if want := "a control of a form was removed: More"; len(p.Problems) != 2 || p.Problems[0] != want {
		t.Errorf("problems %q, want %q", p.Problems, want)
	}
	if p.Title != "Aid for 10⁶ people" || p.FormerIdentity() == p.Identity() {
		t.Errorf("title %q, body %s", p.Title, p.Body)
	}
	p.former.alts["a"] = "c"
	d := p.Former(press.Draft{Title: p.Title, Lead: p.Lead, Body: p.Body, Images: []press.Image{{Alt: "a\u00a0b"}, {Src: "a", Alt: "b"}}})
	if d.Images[0].Alt != "a b" || d.Images[1].Alt != "c" || string(d.Body) != body {
		t.Errorf("former draft %+v", d)
	}
}
