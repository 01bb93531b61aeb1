package importer

import (
	"fmt"
	"maps"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"communique/storage/lazyregexp"
)

// kind is a regular expression that knows how its matches begin. Most classes and lines have
// nothing that begins like one of them, which is seen without running the expression: on each
// that would be a quarter of the time in which a page is read.
type kind struct {
	*lazyregexp.Regexp
	expression string
	from       beginning
	once       sync.Once // most commands read no page
	root       *prefix
}

// beginning is where in a text a match may begin.
type beginning int

const (
	atStart  beginning = iota
	atWords            // of names: at any of them
	atLetter           // the first one
	anywhere
)

// prefix is what a match may begin with, character by character.
type prefix struct {
	whole bool // the rest is for the expression to know
	wide  bool // and so is what is beyond ASCII
	next  []following
}

// following is a character, in lower case if it is of ASCII, and what may follow.
type following struct {
	r  rune
	to *prefix
}

// namesLike is the kind of names of which one word, or more that are joined, matches the
// expression, which says also how the words end.
func namesLike(expression string) *kind {
	return newKind(`(?i)(?:^|[\s_-])(?:`+expression+`)`, expression, atWords)
}

// linesLike is the kind of lines whose beginning matches the expression.
func linesLike(expression string) *kind {
	return newKind(`(?i)^(?:`+expression+`)`, expression, atStart)
}

// wordedLike is the kind of lines whose first words match the expression, whatever signs stand
// before them.
func wordedLike(expression string) *kind {
	return newKind(`(?i)^[^\pL]*(?:`+expression+`)`, expression, atLetter)
}

// textsLike is the kind of texts in which something matches the expression.
func textsLike(expression string) *kind {
	return newKind(`(?i)(?:`+expression+`)`, expression, anywhere)
}

func newKind(whole, expression string, from beginning) *kind {
	return &kind{Regexp: lazyregexp.New(whole), expression: expression, from: from}
}

// learn follows the expression for some characters.
func (k *kind) learn() {
	parsed, err := syntax.Parse(`(?i)(?:`+k.expression+`)`, syntax.Perl)
	if err != nil {
		panic(err) // the expression has been compiled
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		panic(err)
	}
	k.root = (&tracing{program: program, known: map[string]*prefix{}}).follow([]uint32{uint32(program.Start)}, 0)
}

// tracing follows an expression, from the same instructions once.
type tracing struct {
	program *syntax.Prog
	known   map[string]*prefix
}

// follow is what may follow some instructions. Deep down, and where that is nearly anything,
// only the expression knows.
func (t *tracing) follow(from []uint32, depth int) *prefix {
	const deepest, widest, most = 6, 50, 5000
	program := t.program
	reading, ends := reached(program, from)
	if ends || depth == deepest {
		return &prefix{whole: true}
	}
	slices.Sort(reading)
	reading = slices.Compact(reading)
	name := fmt.Sprint(depth, reading)
	if p, known := t.known[name]; known {
		return p
	}
	if len(t.known) > most {
		return &prefix{whole: true}
	}
	p := &prefix{}
	t.known[name] = p
	add := func(r rune, next []uint32) {
		if len(next) > 0 {
			p.next = append(p.next, following{r, t.follow(next, depth+1)})
		}
	}
	of := map[rune][]uint32{}
	for c := range rune(utf8.RuneSelf) {
		if lower := unicode.ToLower(c); len(after(program, reading, c)) > 0 {
			of[lower] = append(of[lower], after(program, reading, c)...)
		}
	}
	if len(of) > widest {
		p.whole = true
		return p
	}
	wide, few := wideOf(program, reading)
	p.wide = !few
	for _, r := range slices.Sorted(maps.Keys(of)) {
		add(r, of[r])
	}
	for _, r := range wide {
		add(r, after(program, reading, r))
	}
	return p
}

// wideOf are the characters beyond ASCII that instructions read, if these are few.
func wideOf(program *syntax.Prog, reading []uint32) (all []rune, few bool) {
	const most = 100
	wide := map[rune]bool{}
	for _, at := range reading {
		i := &program.Inst[at]
		if i.Op != syntax.InstRune && i.Op != syntax.InstRune1 {
			return nil, false // any character
		}
		ranges := i.Rune
		if len(ranges) == 1 {
			ranges = []rune{ranges[0], ranges[0]}
		}
		for at := 0; at+1 < len(ranges); at += 2 {
			if ranges[at+1]-ranges[at] > most+utf8.RuneSelf {
				return nil, false
			}
			for r := ranges[at]; r <= ranges[at+1]; r++ {
				wide[r] = true
				for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
					wide[other] = true
				}
			}
		}
	}
	for r := range wide {
		if r >= utf8.RuneSelf {
			all = append(all, r)
		}
	}
	slices.Sort(all)
	return all, len(all) <= most
}

// reached are the instructions that read a character next, and whether the match may end
// before they do. What a place must look like counts as fulfilled.
func reached(program *syntax.Prog, from []uint32) (reading []uint32, ends bool) {
	seen := make([]bool, len(program.Inst))
	for len(from) > 0 {
		at := from[len(from)-1]
		from = from[:len(from)-1]
		if seen[at] {
			continue
		}
		seen[at] = true
		switch i := &program.Inst[at]; i.Op {
		case syntax.InstMatch:
			ends = true
		case syntax.InstFail:
		case syntax.InstAlt, syntax.InstAltMatch:
			from = append(from, i.Out, i.Arg)
		case syntax.InstCapture, syntax.InstEmptyWidth, syntax.InstNop:
			from = append(from, i.Out)
		default:
			reading = append(reading, at)
		}
	}
	return reading, ends
}

func after(program *syntax.Prog, reading []uint32, c rune) (next []uint32) {
	for _, at := range reading {
		if program.Inst[at].MatchRune(c) {
			next = append(next, program.Inst[at].Out)
		}
	}
	return next
}

// MatchString reports whether a name or line is of the kind.
func (k *kind) MatchString(s string) bool { return k.mayMatch(s) && k.Regexp.MatchString(s) }

// FindString is the first match in a text, or nothing.
func (k *kind) FindString(s string) string {
	if !k.mayMatch(s) {
		return ""
	}
	return k.Regexp.FindString(s)
}

func (k *kind) mayMatch(s string) bool {
	k.once.Do(k.learn)
	if k.from == atLetter {
		s = strings.TrimLeftFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	}
	if k.root.begins(s) {
		return true
	}
	switch k.from {
	case atWords:
		for i := range len(s) {
			switch s[i] {
			case ' ', '\t', '\n', '\f', '\r', '_', '-':
				if k.root.begins(s[i+1:]) {
					return true
				}
			}
		}
	case anywhere:
		for i := 1; i < len(s); i++ {
			if utf8.RuneStart(s[i]) && k.root.begins(s[i:]) {
				return true
			}
		}
	}
	return false
}

// begins reports whether a text may begin so.
func (p *prefix) begins(s string) bool {
	for !p.whole {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case size == 0:
			return false
		case r >= utf8.RuneSelf && p.wide:
			return true
		case r >= 'A' && r <= 'Z':
			r += 'a' - 'A'
		}
		at, found := slices.BinarySearchFunc(p.next, r, func(f following, r rune) int { return int(f.r - r) })
		if !found {
			return false
		}
		p, s = p.next[at].to, s[size:]
	}
	return true
}
