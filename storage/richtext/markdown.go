package richtext

import (
	"bytes"
	"fmt"
	"net/url"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"communique/storage/press"
)

// MaxMarkdown bounds a Markdown text, in bytes; an article's body may be three
// quarters of that.
const MaxMarkdown = 1 << 20

// Markdown renders CommonMark 0.31 with tables, strikethrough and bare links, and
// cleans the result with [Clean], which explains base and the problems; HTML in it is
// allowed. It returns an error for a text that is too long or not UTF-8.
func Markdown(src []byte, base *url.URL) (press.HTML, []string, error) {
	if len(src) > MaxMarkdown {
		return "", nil, fmt.Errorf("the text has %d bytes: at most %d are accepted", len(src), MaxMarkdown)
	}
	if !utf8.Valid(src) {
		return "", nil, fmt.Errorf("the text is not valid UTF-8: save it as UTF-8")
	}
	md := goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify),
		goldmark.WithRendererOptions(html.WithUnsafe()),
	)
	var b bytes.Buffer
	if err := md.Convert(src, &b); err != nil {
		return "", nil, fmt.Errorf("rendering Markdown: %w", err)
	}
	body, problems := Clean(b.String(), base)
	return body, problems, nil
}
