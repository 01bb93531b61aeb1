package command

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"communique/cmd/internal/realpart"
)

// TestSchemas: what machines read is valid by the schema of its format, also of a
// section without articles, of archives, and after a withdrawal.
func TestSchemas(t *testing.T) {
	t.Parallel()
	xmllint := realpart.Program(t, "xmllint")
	s := newSite(t)
	s.configure("languages: [en]", "languages: [en, fr, zh-Hant]")
	s.must("section", "add", "Press Room")
	s.serve()
	s.picture("harbour.png", 40)
	a := s.publish("Wang & <Ølen> met", "lead: What was agreed.", "tags: [harbours, sea law]")
	translated := s.publish("王毅訪問", "language: zh-Hant", "translation_of: "+a.ID)
	withdrawn := s.publish("An error", "tags: [harbours]")
	s.file("withdraw", withdrawn.ID, "--reason", "They did not.")
	valid := func(schema []string, document []byte, name string) {
		t.Helper()
		schema[1] = filepath.Join("..", "..", "..", "feeds", "testdata", "schemas", schema[1])
		cmd := exec.Command(xmllint, append([]string{"--nonet", "--noout"}, append(schema, "-")...)...) //nolint:gosec // fixed arguments
		cmd.Stdin = bytes.NewReader(document)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	for _, path := range []string{"/en/feed.atom", "/en/press-room/feed.atom", "/fr/feed.atom", "/en/feed.1.atom", "/en/tags/harbours/feed.atom", "/zh-Hant/feed.atom"} {
		valid([]string{"--relaxng", "atom.rng"}, get(t, s.base+path).Body, path)
	}
	for path, holds := range map[string]string{
		"/sitemap.sections.xml": s.base + "/zh-Hant/press-room/", "/sitemap.en.1.xml": a.URL,
		"/sitemap.zh-Hant.1.xml": translated.URL, "/sitemap.news.xml": "<news:language>zh-tw</news:language>",
	} {
		document := get(t, s.base+path).Body
		valid([]string{"--schema", "pages.xsd"}, document, path)
		mustEqual(t, "what is in "+path, strings.Contains(string(document), holds), true)
	}
	valid([]string{"--schema", "siteindex.xsd"}, get(t, s.base+"/sitemap.xml").Body, "/sitemap.xml")
}
