package vocab

import (
	"errors"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	nested := func(n int) string {
		return `{"a":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + `}`
	}
	items := func(n int) string { return `{"a":[0` + strings.Repeat(",0", n-1) + `]}` }
	for name, c := range map[string]struct {
		document string
		ok       bool
	}{
		"object":                         {`{"a":[1,{"b":null}],"A":true}`, true},
		"same key in different objects":  {`{"a":{"a":1},"b":{"a":2}}`, true},
		"number beyond float64":          {`{"a":1e999}`, true},
		"A29 depth 32":                   {nested(32), true},
		"A29 depth 33":                   {nested(33), false},
		"A29 a million brackets":         {strings.Repeat("[", 1e6), false},
		"A29 a million objects":          {strings.Repeat(`{"a":`, 1e6), false},
		"A29 1000 items":                 {items(1000), true},
		"A29 1001 items":                 {items(1001), false},
		"A29 100,000 items":              {items(100_000), false},
		"A15 duplicate key":              {`{"actor":"me","actor":"victim"}`, false},
		"A15 duplicate key, deep":        {`{"a":[{"b":{"c":1,"c":2}}]}`, false},
		"A15 duplicate key, in @context": {`{"@context":[{"a":1,"a":2}]}`, false},
		"A15 duplicate key, escaped":     {`{"actor":"me","\u0061ctor":"victim"}`, false},
		"A15 duplicate key, surrogates":  {`{"\ud800":1,"\udfff":2}`, false},
		"A14 @graph":                     {`{"@graph":[]}`, false},
		"A14 @graph escaped":             {`{"\u0040graph":[]}`, false},
		"A14 @included in an object":     {`{"object":{"@included":[]}}`, false},
		"A14 @reverse in the context":    {`{"@context":{"x":{"@reverse":"as:actor"}}}`, false},
		"not UTF-8":                      {"{\"a\":\"\xff\"}", false},
		"empty":                          {``, false},
		"array":                          {`[{}]`, false},
		"string":                         {`"https://a.example/"`, false},
		"two values":                     {`{}{}`, false},
		"rubbish behind":                 {`{} x`, false},
		"open":                           {`{"a":1`, false},
		"wrong bracket":                  {`{"a":[1}`, false},
		"trailing comma":                 {`{"a":1,}`, false},
		"no colon":                       {`{"a" 1}`, false},
		"control character":              {"{\"a\":\"\x00\"}", false},
		"byte order mark":                {"\ufeff{}", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := Check([]byte(c.document))
			if c.ok && err != nil {
				t.Errorf("refused: %v", err)
			}
			if !c.ok && !errors.Is(err, ErrMalformed) {
				t.Errorf("error %v, want ErrMalformed", err)
			}
		})
	}
}

// The check of a hostile document must not cost more than its first levels.
// Not parallel: it counts allocations.
func TestA29CheckStopsEarly(t *testing.T) {
	document := []byte(strings.Repeat("[", 1e6))
	document = append([]byte(`{"a":`), document...)
	if n := testing.AllocsPerRun(5, func() { _ = Check(document) }); n > 1000 {
		t.Errorf("%.0f allocations for a million brackets", n)
	}
}

func BenchmarkCheckBrackets(b *testing.B) {
	document := []byte(`{"a":` + strings.Repeat("[", 1e6))
	for b.Loop() {
		if Check(document) == nil {
			b.Fatal("accepted")
		}
	}
}
