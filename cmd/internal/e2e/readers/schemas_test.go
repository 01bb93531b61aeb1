package readers

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/realpart"
)

// TestSchemas: what machines read is valid by the schema of its format, also of a
// section without articles, of archives, and after a withdrawal.
func TestSchemas(t *testing.T) {
	t.Parallel()
	xmllint := realpart.Program(t, "xmllint")
	s := e2etest.NewSite(t)
	s.Configure("languages: [en]", "languages: [en, fr, zh-Hant]")
	s.Must("section", "add", "Press Room")
	s.Serve()
	s.Picture("harbour.png", 40)
	a := s.Publish("Wang & <Ølen> met", "lead: What was agreed.", "tags: [harbours, sea law]")
	translated := s.Publish("王毅訪問", "language: zh-Hant", "translation_of: "+a.ID)
	withdrawn := s.Publish("An error", "tags: [harbours]")
	s.File("withdraw", withdrawn.ID, "--reason", "They did not.")
	valid := func(schema []string, document []byte, name string) {
		t.Helper()
		schema[1] = e2etest.Source(t, "feeds/testdata/schemas/"+schema[1])
		cmd := exec.Command(xmllint, append([]string{"--nonet", "--noout"}, append(schema, "-")...)...)
		cmd.Stdin = bytes.NewReader(document)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	for _, path := range []string{"/en/feed.atom", "/en/press-room/feed.atom", "/fr/feed.atom", "/en/feed.1.atom", "/en/tags/harbours/feed.atom", "/zh-Hant/feed.atom"} {
		valid([]string{"--relaxng", "atom.rng"}, e2etest.Get(t, s.Base+path).Body, path)
	}
	for path, holds := range map[string]string{
		"/sitemap.sections.xml": s.Base + "/zh-Hant/press-room/", "/sitemap.en.1.xml": a.URL,
		"/sitemap.zh-Hant.1.xml": translated.URL, "/sitemap.news.xml": "<news:language>zh-tw</news:language>",
	} {
		document := e2etest.Get(t, s.Base+path).Body
		valid([]string{"--schema", "pages.xsd"}, document, path)
		e2etest.Equal(t, "what is in "+path, strings.Contains(string(document), holds), true)
	}
	valid([]string{"--schema", "siteindex.xsd"}, e2etest.Get(t, s.Base+"/sitemap.xml").Body, "/sitemap.xml")
}
