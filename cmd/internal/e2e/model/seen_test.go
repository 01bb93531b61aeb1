package model

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// compare looks at everything until it is as the model says, and returns what is not
// after a time in which that hangs.
func (o *office) compare() []string {
	deadline, pause := time.Now().Add(e2etest.Hang), 5*time.Millisecond
	for {
		wrong := append(o.compareSite(), o.compareReader()...)
		if len(wrong) == 0 || time.Now().After(deadline) {
			return wrong
		}
		if leak := slices.IndexFunc(wrong, func(s string) bool { return strings.HasPrefix(s, "leak:") }); leak >= 0 {
			return wrong[leak:] // one that goes away has been seen all the same
		}
		time.Sleep(pause)
		pause = min(2*pause, time.Second)
	}
}

// place is something that lists articles.
type place struct {
	name string
	text string
	has  func(*statement) bool // whether it must show a public article
	// may is whether it may show one although it need not.
	may func(*statement) bool
}

func never(*statement) bool { return false }

func (o *office) get(path string, headers ...string) string {
	return string(e2etest.Get(o.t, o.site.Base+path, headers...).Body)
}

func (o *office) places() []place {
	var all []place
	for _, lang := range languages {
		in := func(a *statement) bool { return a.language == lang }
		for _, format := range e2etest.Formats {
			all = append(all, place{lang + " " + format, o.get("/" + lang + "/feed." + format), in, never})
		}
		all = append(all, place{lang + " home page", o.get("/"+lang+"/", "Accept", "text/html"), in, never})
		for section, path := range o.sections {
			all = append(all, place{
				lang + " " + path, o.get("/" + lang + "/" + path + "/feed.atom"),
				func(a *statement) bool { return in(a) && a.section == section },
				// Whoever has it from a section is told there where it is now.
				func(a *statement) bool { return in(a) && slices.Contains(a.moved, section) },
			})
		}
		all = append(all, place{
			lang + " " + ministry, o.get("/" + lang + "/" + ministry + "/feed.atom"),
			func(a *statement) bool { return in(a) && o.isBelow(a) },
			func(a *statement) bool { return in(a) && a.below },
		})
		for tag := range topics {
			all = append(all, place{
				fmt.Sprintf("%s topic %d", lang, tag), o.get(fmt.Sprintf("/%s/tags/topic-%d/feed.atom", lang, tag)),
				func(a *statement) bool { return in(a) && a.tag == tag },
				func(a *statement) bool { return in(a) && slices.Contains(a.untagged, tag) },
			})
		}
	}
	return append(all, place{"outbox", o.outbox(), func(*statement) bool { return true }, never})
}

// outbox is all that stands in the ministry's.
func (o *office) outbox() string {
	var all strings.Builder
	for page := o.site.Base + "/actors/ministry/outbox?before=9007199254740991"; page != ""; {
		r := e2etest.Get(o.t, page, "Accept", e2etest.ActivityJSON)
		all.Write(r.Body)
		page, _ = r.Fields(o.t)["next"].(string)
	}
	return all.String()
}

func (o *office) compareSite() (wrong []string) {
	for _, a := range o.all {
		a.below = a.below || o.isBelow(a)
	}
	wrong = o.compareFormer()
	places := o.places()
	for _, p := range places {
		for _, a := range o.all {
			shows := strings.Contains(p.text, a.word)
			switch must := a.state == public && p.has(a); {
			case shows && !must && (a.state != public || !p.may(a)):
				wrong = append(wrong, fmt.Sprintf("%s: %s shows %s %s", grave(a), p.name, a.ID, a.word))
			case must && !shows:
				wrong = append(wrong, fmt.Sprintf("missing: %s lacks %s %s", p.name, a.ID, a.word))
			}
			for _, former := range a.revisions {
				if former.word != a.word && strings.Contains(p.text, former.word) {
					wrong = append(wrong, fmt.Sprintf("late: %s shows the former words %s of %s", p.name, former.word, a.ID))
				}
			}
		}
		for _, word := range o.hidden {
			if strings.Contains(p.text, word) {
				wrong = append(wrong, fmt.Sprintf("leak: %s shows %s of a draft", p.name, word))
			}
		}
	}
	wrong = append(wrong, o.compareProfile()...)
	if o.touched != nil {
		wrong = append(wrong, o.compareHistory(o.touched)...)
	}
	sitemap := ""
	for _, lang := range languages {
		sitemap += o.get("/sitemap." + lang + ".1.xml")
	}
	for _, a := range o.all {
		wrong = append(wrong, o.compareOne(a, sitemap)...)
	}
	return wrong
}

// compareFormer looks where the former addresses of a section lead.
func (o *office) compareFormer() (wrong []string) {
	for _, former := range o.left {
		for _, page := range []string{"", "feed.atom"} {
			r := e2etest.Get(o.t, o.site.Base+"/en/"+former+"/"+page)
			if to := o.site.Base + "/en/" + o.sections[1] + "/" + page; r.Status != http.StatusMovedPermanently || r.Header.Get("Location") != to {
				wrong = append(wrong, fmt.Sprintf("wrong: /en/%s/%s leads with %d to %q, not to %s", former, page, r.Status, r.Header.Get("Location"), to))
			}
		}
	}
	return wrong
}

// compareProfile compares what is on top of the profile, the last that was pinned first.
func (o *office) compareProfile() []string {
	var want []string
	for _, a := range slices.Backward(o.pinned) {
		want = append(want, o.site.ObjectID(a.Filed))
	}
	var featured struct{ OrderedItems []string }
	if err := json.Unmarshal([]byte(o.get("/actors/ministry/featured", "Accept", e2etest.ActivityJSON)), &featured); err != nil {
		return []string{fmt.Sprintf("wrong: the profile cannot be read: %v", err)}
	}
	if !slices.Equal(featured.OrderedItems, want) {
		return []string{fmt.Sprintf("wrong: on top of the profile are %v, not %v", featured.OrderedItems, want)}
	}
	return nil
}

// compareHistory looks at what the public can read of what an article said before.
func (o *office) compareHistory(a *statement) (wrong []string) {
	list := "/" + a.language + "/articles/" + a.ID + "/history"
	for i, r := range a.revisions {
		version := e2etest.Get(o.t, fmt.Sprintf("%s%s/%d", o.site.Base, list, i+1), "Accept", "text/html")
		shown := a.state == public && !r.hidden
		if is := version.Status == http.StatusOK && strings.Contains(string(version.Body), "fish and trade: "+r.word); is != shown {
			wrong = append(wrong, fmt.Sprintf("%s: revision %d of %s is answered %d with its words %t", grave(a), i+1, a.ID, version.Status, is))
		}
		stands := slices.ContainsFunc(a.revisions, func(o revision) bool { return o.word == r.word && !o.hidden })
		if text := o.get(list, "Accept", "text/html"); !stands && strings.Contains(text, r.word) {
			wrong = append(wrong, fmt.Sprintf("leak: the versions of %s tell the words %s, which are hidden", a.ID, r.word))
		}
	}
	return wrong
}

// grave is what it is to show what is not public.
func grave(a *statement) string {
	if a.state == embargoed || a.state == cancelled {
		return "leak"
	}
	return "wrong"
}

// compareOne looks at what is about one article.
func (o *office) compareOne(a *statement, sitemap string) (wrong []string) {
	status := map[state]int{embargoed: 404, public: 200, withdrawn: 410, cancelled: 404}[a.state]
	page := e2etest.Get(o.t, a.URL, "Accept", "text/html")
	object := e2etest.Get(o.t, o.site.ObjectID(a.Filed), "Accept", e2etest.ActivityJSON)
	found := o.get("/"+a.language+"/search?q="+url.QueryEscape(a.word), "Accept", "text/html")
	shown := a.state == public
	for what, is := range map[string]bool{
		fmt.Sprintf("the page is answered %d", page.Status):     page.Status == status,
		fmt.Sprintf("the object is answered %d", object.Status): object.Status == status,
		"the page and its words":                                strings.Contains(string(page.Body), "fish and trade: "+a.word) == shown,
		"the object and its words":                              strings.Contains(string(object.Body), a.word) == shown,
		"the search":                                            strings.Contains(found, a.URL) == shown,
		"the sitemap":                                           strings.Contains(sitemap, "/"+a.ID+"/") == shown,
	} {
		if !is {
			wrong = append(wrong, fmt.Sprintf("%s: %s %s: %s", grave(a), a.ID, a.word, what))
		}
	}
	return wrong
}

// compareReader compares what a follower's server holds, which takes activities in the
// order of their arrival, with what was pushed and is public.
func (o *office) compareReader() (wrong []string) {
	holds := map[string]string{} // content by object
	for _, arrival := range o.reader.Arrivals() {
		object, _ := arrival.Fields["object"].(map[string]any)
		id := fmt.Sprint(object["id"])
		switch arrival.Kind() {
		case "Create", "Update":
			if strings.Contains(id, "/ap/articles/") {
				text, err := json.Marshal(object)
				if err != nil {
					o.t.Fatal(err)
				}
				holds[id] = string(text)
			}
		case "Delete":
			delete(holds, id)
		}
	}
	for _, a := range o.all {
		text, has := holds[o.site.ObjectID(a.Filed)]
		delete(holds, o.site.ObjectID(a.Filed))
		switch should := a.state == public && !a.silent; {
		case has && !should:
			wrong = append(wrong, fmt.Sprintf("%s: the follower holds %s %s", grave(a), a.ID, a.word))
		case should && !has:
			wrong = append(wrong, fmt.Sprintf("missing: the follower lacks %s %s", a.ID, a.word))
		case has && !strings.Contains(text, a.word):
			wrong = append(wrong, fmt.Sprintf("late: the follower holds former words of %s, not %s", a.ID, a.word))
		}
	}
	for id := range holds {
		wrong = append(wrong, "leak: the follower holds "+id)
	}
	return wrong
}
