package faults

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/realpart"
)

// prometheus is the real one, with the alert rules that operators are given. It reads the
// servers, and judges by the rules, once a second instead of once a minute or so, and their
// "for" is taken out: nobody waits for ten minutes here. All else of a rule is as it stands,
// and that "for" is meant the tests of the rules alone say (packaging/alerts_test.yaml).
type prometheus struct {
	t       *testing.T
	folder  string
	address string
	fired   []string
}

// alertRules are the text of the rules.
func alertRules(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(e2etest.Source(t, "cmd/communique/packaging/alerts.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// lasting is the line of a rule by which a fault must last before it is told.
var lasting = regexp.MustCompile(`(?m)^ +for: \w+\n`)

func newPrometheus(t *testing.T) *prometheus {
	t.Helper()
	realpart.Program(t, "prometheus")
	return &prometheus{t: t, folder: t.TempDir(), address: e2etest.FreePort(t)}
}

// remember has it know a sample of a day ago as if it had watched then.
func (p *prometheus) remember(sample string) {
	p.t.Helper()
	name, _, _ := strings.Cut(sample, "{")
	text := "# TYPE " + name + " gauge\n"
	for minute := -10; minute <= 20; minute++ {
		text += fmt.Sprintf("%s %d\n", sample, time.Now().Add(-24*time.Hour+time.Duration(minute)*time.Minute).Unix())
	}
	p.write("past.txt", text+"# EOF\n")
	c := exec.Command(realpart.Program(p.t, "promtool"), "tsdb", "create-blocks-from", "openmetrics", "past.txt", "data")
	c.Dir = p.folder
	if said, err := c.CombinedOutput(); err != nil {
		p.t.Fatalf("%v\n%s", err, said)
	}
}

func (p *prometheus) write(name, text string) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.folder, name), []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// watch starts it, for servers by where they tell their metrics, and waits until it has
// judged all of them: nothing must be wrong.
func (p *prometheus) watch(servers ...string) {
	p.t.Helper()
	p.write("rules.yaml", lasting.ReplaceAllString(alertRules(p.t), ""))
	p.write("prometheus.yaml", `global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yaml]
scrape_configs: [{job_name: communique, file_sd_configs: [{files: [servers.yaml]}]}]
`)
	p.watchInstead(servers...)
	var said e2etest.Buffer
	c := exec.Command(realpart.Program(p.t, "prometheus"), "--config.file=prometheus.yaml", "--storage.tsdb.path=data",
		"--web.listen-address="+p.address, "--log.level=warn")
	c.Dir, c.Env, c.Stderr = p.folder, append(os.Environ(), "GOMAXPROCS=1"), &said
	if err := c.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		_ = c.Process.Kill() // it may have ended
		_ = c.Wait()         // "signal: killed" is what was asked for
		if p.t.Failed() {
			p.t.Log(said.String())
		}
	})
	e2etest.Eventually(p.t, "it has read all servers", func() bool {
		var got struct {
			Data struct{ Result []struct{ Value []any } }
		}
		query := fmt.Sprintf("count(communique_database_up == 1) == %d", len(servers))
		return p.ask("query?query="+url.QueryEscape(query), &got) && len(got.Data.Result) == 1
	})
	read := time.Now()
	e2etest.Eventually(p.t, "it has judged what it read", func() bool {
		var got struct {
			Data struct {
				Groups []struct{ LastEvaluation time.Time }
			}
		}
		return p.ask("rules", &got) && len(got.Data.Groups) == 1 && got.Data.Groups[0].LastEvaluation.After(read)
	})
	e2etest.Equal(p.t, "what it alerts of when nothing is wrong", p.firing(), []string{})
}

// watchInstead has it watch other servers.
func (p *prometheus) watchInstead(servers ...string) {
	p.t.Helper()
	p.write("servers.yaml.next", `[{targets: ["`+strings.Join(servers, `", "`)+`"]}]`)
	if err := os.Rename(filepath.Join(p.folder, "servers.yaml.next"), filepath.Join(p.folder, "servers.yaml")); err != nil {
		p.t.Fatal(err)
	}
}

// ask asks its API.
func (p *prometheus) ask(what string, into any) bool {
	p.t.Helper()
	got, err := tryGet("http://" + p.address + "/api/v1/" + what)
	return err == nil && json.Unmarshal(got, into) == nil
}

// tryGet reads what is answered, if that is 200.
func tryGet(address string) ([]byte, error) {
	got, err := http.Get(address)
	if err != nil {
		return nil, err
	}
	defer got.Body.Close()
	if got.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %s", got.Status)
	}
	return io.ReadAll(got.Body)
}

// firing are the alerts that fire, by their names.
func (p *prometheus) firing() []string {
	p.t.Helper()
	var got struct {
		Data struct {
			Alerts []struct {
				Labels map[string]string
				State  string
			}
		}
	}
	if !p.ask("alerts", &got) {
		return nil
	}
	all := []string{}
	for _, a := range got.Data.Alerts {
		if a.State == "firing" {
			all = append(all, a.Labels["alertname"])
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// fire waits until these alerts fire, and no other.
func (p *prometheus) fire(alerts ...string) { p.t.Helper(); p.fireWhile(func() {}, alerts...) }

// fireWhile is fire while something is done again and again.
func (p *prometheus) fireWhile(do func(), alerts ...string) {
	p.t.Helper()
	slices.Sort(alerts)
	var last []string
	defer func() {
		if p.t.Failed() {
			p.t.Logf("these fire: %v", last)
		}
	}()
	e2etest.Eventually(p.t, fmt.Sprintf("%v alone fire", alerts), func() bool {
		do()
		last = p.firing()
		return slices.Equal(last, alerts)
	})
	p.fired = append(p.fired, alerts...)
}
