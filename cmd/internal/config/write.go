package config

import (
	"bytes"
	_ "embed" // the template
	"encoding/json"
	"fmt"
	"strings"
	"text/template"

	"communique/storage/press"
)

//go:embed template.yaml
var templateText string

// Initial is what communique init knows.
type Initial struct {
	BaseURL   string
	Actor     string
	Name      string
	Timezone  string
	Languages []press.Language
	Database  string // on a server; empty for the file
}

// Render returns a commented configuration file, which is checked as it will
// be when it is read.
func Render(i Initial) ([]byte, error) {
	t, err := template.New(File).Funcs(template.FuncMap{"json": quote}).Parse(templateText)
	if err != nil {
		return nil, fmt.Errorf("the template of the configuration: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, i); err != nil {
		return nil, fmt.Errorf("write the configuration: %w", err)
	}
	if _, err := Parse(b.Bytes()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// quote writes a text as JSON, which YAML reads as it is.
func quote(text string) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // an ampersand is to be read by people
	err := e.Encode(text)
	return strings.TrimSpace(b.String()), err
}
