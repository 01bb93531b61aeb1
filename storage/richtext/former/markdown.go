package former

import (
	"bytes"
	"net/url"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"communique/storage/press"
)

const maxMarkdown = 1 << 20

// Markdown renders Markdown as it was rendered then. What was refused then, and
// what fails, is empty.
func Markdown(src []byte, base *url.URL) press.HTML {
	if len(src) > maxMarkdown || !utf8.Valid(src) {
		return ""
	}
	md := goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify),
		goldmark.WithRendererOptions(html.WithUnsafe()),
	)
	var b bytes.Buffer
	if err := md.Convert(src, &b); err != nil {
		return ""
	}
	return Clean(b.String(), base)
}
