package ops

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	toldType  = regexp.MustCompile(`(?m)^# TYPE (\S+) (\S+)$`)
	metric    = regexp.MustCompile(`\b(?:communique|go|process)_[a-z_]+`)
	selectors = regexp.MustCompile(`\b(communique_[a-z_]+)\{([^}]*)\}`)
	label     = regexp.MustCompile(`([a-z]+)=~?"`)
)

// exposed are the series that a server has told of, or may tell of, by name.
func exposed(t *testing.T) []string {
	t.Helper()
	p, _ := watched(t)
	count(t, p.Metrics)
	_, text := get(p, "/metrics")
	var names []string
	for _, of := range toldType.FindAllStringSubmatch(text, -1) {
		if name := of[1]; of[2] == "histogram" {
			names = append(names, name+"_bucket", name+"_sum", name+"_count")
		} else {
			names = append(names, name)
		}
	}
	for name := range described { // some are absent until there is something to tell
		names = append(names, "communique_"+name)
	}
	return names
}

// queried are the queries of the dashboard and of the alert rules, by file.
func queried(t *testing.T) map[string][]string {
	t.Helper()
	folder := filepath.Join("..", "..", "communique", "packaging")
	read := func(name string) []byte {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	var dashboard struct {
		Panels []struct{ Targets []struct{ Expr string } }
	}
	if err := json.Unmarshal(read("dashboard.json"), &dashboard); err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, p := range dashboard.Panels {
		for _, target := range p.Targets {
			all["dashboard.json"] = append(all["dashboard.json"], target.Expr)
		}
	}
	for line := range strings.Lines(string(read("alerts.yaml"))) {
		if _, query, is := strings.Cut(line, "expr: "); is {
			all["alerts.yaml"] = append(all["alerts.yaml"], query)
		}
	}
	return all
}

// TestQueries: the dashboard and the alert rules ask for what a server tells, with the
// labels that it has: a query for anything else is silent for ever.
func TestQueries(t *testing.T) {
	t.Parallel()
	names := exposed(t)
	for file, queries := range queried(t) {
		asked := 0
		for _, query := range queries {
			for _, name := range metric.FindAllString(query, -1) {
				asked++
				if !slices.Contains(names, name) {
					t.Errorf("%s asks for %s, which no server tells: %s", file, name, query)
				}
			}
			for _, of := range selectors.FindAllStringSubmatch(query, -1) {
				for _, with := range label.FindAllStringSubmatch(of[2], -1) {
					if !slices.Contains(labelsOf(t, of[1]), with[1]) {
						t.Errorf("%s selects by %s, a label that %s lacks: %s", file, with[1], of[1], query)
					}
				}
			}
		}
		if asked < len(queries)-1 || asked == 0 { // up is Prometheus's own
			t.Errorf("%s has %d queries, for %d of ours", file, len(queries), asked)
		}
	}
}

var variable = regexp.MustCompile(`variableLabels: \{([^}]*)\}`)

// labelsOf are the labels of a metric.
func labelsOf(t *testing.T, name string) []string {
	t.Helper()
	if d, is := described[strings.TrimPrefix(name, "communique_")]; is {
		return strings.Split(variable.FindStringSubmatch(d.String())[1], ",")
	}
	p, _ := watched(t)
	count(t, p.Metrics)
	families, err := p.Metrics.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range families {
		if f.GetName() == name {
			for _, l := range f.GetMetric()[0].GetLabel() {
				all = append(all, l.GetName())
			}
		}
	}
	return all
}
