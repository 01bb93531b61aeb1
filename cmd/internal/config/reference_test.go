package config

import (
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"communique/storage/press"
)

//go:generate go test -run ^(TestReference|TestManual)$ -update

var update = flag.Bool("update", false, "write REFERENCE.md and communique.yaml.5 anew")

// initial is the site whose configuration stands in documents.
var initial = Initial{BaseURL: "https://press.mfa.example", Actor: "ministry", Name: "Ministry of Foreign Affairs", Timezone: "Europe/Lisbon", Languages: []press.Language{"en"}}

// setting is one that template.yaml explains.
type setting struct {
	path    string // as in actor.name
	initial string // what the template writes
	text    string // the comment above it
	shared  string // the comment above one that comes before it
	example []string
}

var key = regexp.MustCompile(`^( *)([a-z_]+):(.*)$`)

// settings reads the template: a comment explains the key below it, and those
// that follow without a comment. Lines that are commented out are an example of
// the key above them.
func settings(t *testing.T) (all []setting) {
	t.Helper()
	text, err := Render(initial)
	if err != nil {
		t.Fatal(err)
	}
	parent := ""
	var comment []string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		trimmed := strings.TrimSpace(line)
		switch found := key.FindStringSubmatch(line); {
		case strings.HasPrefix(line, "#  "):
			last := &all[len(all)-1]
			last.example = append(last.example, line[1:])
		case strings.HasPrefix(trimmed, "#"):
			comment = append(comment, strings.TrimPrefix(strings.TrimPrefix(trimmed, "#"), " "))
		case trimmed == "":
			comment = nil
		case found != nil:
			path := found[2]
			if found[1] == "" {
				parent = path
			} else {
				path = parent + "." + path
			}
			all = append(all, setting{path: path, initial: strings.TrimSpace(found[3]), text: strings.Join(comment, " ")})
			comment = nil
		}
	}
	return all
}

// TestTemplateExplainsEverySetting: each setting that is read stands in the file
// that init writes, with a comment of its own or of its neighbours.
func TestTemplateExplainsEverySetting(t *testing.T) {
	t.Parallel()
	var explained []string
	text := ""
	for _, s := range settings(t) {
		explained = append(explained, s.path)
		if s.text != "" {
			text = s.text
		}
		if text == "" {
			t.Errorf("%s has no comment", s.path)
		}
	}
	read := tags(reflect.TypeFor[file](), "")
	slices.Sort(read)
	slices.Sort(explained)
	if !slices.Equal(read, explained) {
		t.Errorf("these are read:\n%v\nthese are explained:\n%v", read, explained)
	}
}

// tags are the keys of a struct and of the structs in it; lists are explained by
// an example.
func tags(of reflect.Type, above string) (all []string) {
	for field := range of.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		path := strings.TrimPrefix(above+"."+name, ".")
		if name == "" {
			path = above // inline
		} else {
			all = append(all, path)
		}
		if field.Type.Kind() == reflect.Struct {
			all = append(all, tags(field.Type, path)...)
		}
	}
	return all
}

// TestReference: REFERENCE.md says what template.yaml and the variables say.
func TestReference(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	fmt.Fprintf(&b, "# The configuration\n\nWritten by `go generate ./cmd/internal/config` from [template.yaml](template.yaml), which `communique init` writes as `%s`. The server reads it when it starts.\n\n## Settings\n\n", File)
	all := settings(t)
	for i, s := range all {
		before := ", "
		if s.text != "" {
			before = "- "
		}
		fmt.Fprintf(&b, "%s**`%s`**", before, s.path)
		if s.initial != "" {
			fmt.Fprintf(&b, " `%s`", s.initial)
		}
		if i+1 < len(all) && all[i+1].text == "" {
			all[i+1].shared = cmp.Or(s.text, s.shared)
			continue
		}
		fmt.Fprintf(&b, ": %s\n", cmp.Or(s.text, s.shared))
		if len(s.example) > 0 {
			fmt.Fprintf(&b, "\n  ```yaml\n  %s:\n", s.path)
			for _, line := range s.example {
				fmt.Fprintf(&b, "  %s\n", line)
			}
			b.WriteString("  ```\n\n")
		}
	}
	b.WriteString("\n## Variables of the environment\n\n")
	writeVariables(t, &b)
	if *update {
		if err := os.WriteFile("REFERENCE.md", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile("REFERENCE.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != b.String() {
		t.Error("REFERENCE.md is out of date: run go generate ./cmd/internal/config")
	}
}

// writeVariables writes the constants of environment.go with their comments.
func writeVariables(t *testing.T, b *strings.Builder) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), "environment.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		says := strings.TrimPrefix(strings.Join(strings.Fields(spec.Doc.Text()), " "), spec.Names[0].Name+" ")
		fmt.Fprintf(b, "- **`%s`** %s\n", strings.Trim(spec.Values[0].(*ast.BasicLit).Value, `"`), says)
		return false
	})
}
