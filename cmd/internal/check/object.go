package check

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

const (
	public      = activityStreams + "#Public"
	maxActivity = 1_000_000 // bytes
)

// Object judges an article as other servers fetch it: rules O1 to O8, O13, O19
// and O20. actor is its author's id, now the time.
func Object(d Document, id, actor string, now time.Time) []Finding {
	what := "article " + id
	o := d.fields()
	got := d.Err == nil && d.Status == 200 && isActivityJSON(d.Header.Get("Content-Type")) && text(o, "id") == id && sameHost(text(o, "url"), id)
	all := []Finding{judge("O3", what, got, d.answer())}
	if !got {
		return all
	}
	to, cc := texts(o, "to"), texts(o, "cc")
	published, perr := time.Parse(time.RFC3339, text(o, "published"))
	updated, uerr := time.Parse(time.RFC3339, text(o, "updated"))
	all = append(all,
		judge("O1", what, sameHost(id, actor), id),
		judge("O2", what, text(o, "attributedTo") == actor, text(o, "attributedTo")),
		judge("O4", what, slices.Contains(to, public) && slices.Contains(cc, actor+"/followers"), fmt.Sprint(to, cc)),
		judge("O5", what, perr == nil && !published.After(now.Add(time.Minute)), text(o, "published")),
		judge("O6", what, text(o, "updated") == "" || uerr == nil && !updated.Before(published), fmt.Sprintf("published %s, updated %s", text(o, "published"), text(o, "updated"))),
		form(what, o),
		judge("O13", what, oneLanguage(o), languages(o)),
		judge("O19", what, len(d.Body) < maxActivity, fmt.Sprintf("%d bytes", len(d.Body))))
	var f faults
	for _, name := range []string{"@graph", "@included", "@reverse", "signature"} {
		_, there := o[name]
		f.unless(!there, "it has %s", name)
	}
	return append(all, judge("O20", what, len(f) == 0, f.or("plain JSON")))
}

// form is rule O7 of a Note, O8 of an Article.
func form(what string, o map[string]any) Finding {
	if text(o, "type") == "Note" {
		return judge("O7", what, text(o, "name") == "" && text(o, "summary") == "", "a Note, name "+fmt.Sprintf("%q", text(o, "name")))
	}
	return judge("O8", what, text(o, "type") == "Article" && text(o, "name") != "" && text(o, "summary") == "", text(o, "type")+" "+fmt.Sprintf("%q", text(o, "name")))
}

// oneLanguage tells whether contentMap has one key, whose text is the content.
func oneLanguage(o map[string]any) bool {
	m, _ := o["contentMap"].(map[string]any)
	for _, content := range m {
		if content != o["content"] {
			return false
		}
	}
	return len(m) == 1
}

func languages(o map[string]any) string {
	m, _ := o["contentMap"].(map[string]any)
	var all []string
	for lang := range m {
		all = append(all, lang)
	}
	slices.Sort(all)
	text, err := json.Marshal(all)
	if err != nil {
		return ""
	}
	return string(text)
}
