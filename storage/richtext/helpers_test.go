package richtext

import (
	"fmt"

	"golang.org/x/text/unicode/norm"

	"communique/storage/press"
)

func pressHTML(s string) press.HTML { return press.HTML(s) }

func (n Note) text() string { return fmt.Sprintf("%d: %s", n.Line, n.What) }

// said is a text as its letters are compared.
func said(text string) string { return norm.NFKC.String(text) }
