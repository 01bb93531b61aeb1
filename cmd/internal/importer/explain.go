package importer

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
)

// Explain writes a page as text, piece by piece in its order: what was kept has a "+"
// and its place, what was dropped a "-" and the reason.
func (p Page) Explain(w io.Writer) error {
	for _, s := range p.Account {
		sign := "-"
		if s.Kept {
			sign = "+"
		}
		if _, err := fmt.Fprintf(w, "%s %-12s %s\n", sign, s.Reason, s.shown()); err != nil {
			return err
		}
	}
	return nil
}

func (s Segment) shown() string {
	switch {
	case s.Picture:
		return "[" + s.Text + "]"
	case s.File:
		return "[file " + s.Text + "]"
	case s.Link:
		return "[to " + s.Text + "]"
	}
	return s.Text
}

//go:embed explain.html
var explainPage string

var explainTemplate = template.Must(template.New("explain").Funcs(template.FuncMap{"shown": Segment.shown}).Parse(explainPage))

// ExplainHTML writes pages as one HTML file that needs nothing else: each with its
// fields, its doubts and its pieces in colours.
func ExplainHTML(w io.Writer, pages []Page) error {
	return explainTemplate.Execute(w, pages)
}
