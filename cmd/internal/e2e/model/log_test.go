package model

import (
	"encoding/json"
	"regexp"
	"strings"
)

// secret is a password of a cache that nothing answers for: each publication is a reason
// to complain of it.
const secret = "Bearer 5up3rs3cr3t"

// logAll has the server log all that it can.
func (o *office) logAll() {
	o.site.Configure("format: text", "format: json")
	o.site.Configure("level: info", "level: debug")
	o.site.Configure("access: off", "access: full")
	o.site.Configure("purge:\n  url: \"\"\n  method: PURGE\n  header: {}", "purge:\n  url: http://127.0.0.1:9\n  header: {Authorization: \""+secret+"\"}")
}

// readLog reads all lines of a server that has ended: none has what is under embargo, or
// was only ever in a draft, and none a secret.
func (o *office) readLog() {
	words := o.hidden
	for _, a := range o.in(embargoed) {
		words = append(words, a.word)
	}
	lines := 0
	for line := range strings.Lines(o.server.Stderr.String()) {
		lines++
		if !json.Valid([]byte(line)) && strings.HasSuffix(line, "\n") { // the last one may be cut off
			o.t.Errorf("the log has a line that is none: %s", line)
		}
		for _, word := range words {
			if regexp.MustCompile(`\b` + word + `\b`).MatchString(line) {
				o.t.Errorf("%s is not public, and stands in the log: %s", word, line)
			}
		}
		if strings.Contains(line, "5up3rs3cr3t") || strings.Contains(line, "PRIVATE KEY") {
			o.t.Errorf("a secret stands in the log: %s", line)
		}
	}
	if lines < 10 {
		o.t.Errorf("the log has %d lines only", lines)
	}
}
