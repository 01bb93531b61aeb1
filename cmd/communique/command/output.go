package command

import (
	"encoding/json"
	"fmt"

	"communique/storage/press"
)

// object prints a value as one line of JSON.
func (a *app) object(v any) error {
	e := json.NewEncoder(a.Stdout)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// say prints a line for people.
func (a *app) say(format string, args ...any) {
	fmt.Fprintf(a.Stdout, format+"\n", args...)
}

// result is what publish, correct and withdraw print with --json.
type result struct {
	ID  press.ArticleID `json:"id"`
	URL string          `json:"url"`
	Seq press.Seq       `json:"seq"`
	// State is "published", "embargoed", "withdrawn" or "cancelled".
	State     press.State `json:"state"`
	Embargoed bool        `json:"embargoed"`
}

func (a *app) result(in *installation, article press.Article, e press.Entry) error {
	return a.object(result{
		ID: article.ID, URL: in.site.Article(article), Seq: e.Seq, State: article.State,
		Embargoed: article.State == press.Embargoed,
	})
}
