package importer

import (
	"regexp"
	"regexp/syntax"
)

// kind is a regular expression that knows how its matches begin. Most classes and lines
// begin like none of them, and are told so from a table: running the expression on each
// would be a quarter of the time in which a page is read.
type kind struct {
	*regexp.Regexp
	// begins has for each character of ASCII which others may follow it at the beginning of
	// a match; a character that begins none has none.
	begins [128][2]uint64
	words  bool // whether a match may begin at any word, or only at the beginning
}

// namesLike is the kind of names of which one word, or more that are joined, matches the
// expression, which says also how the words end.
func namesLike(expression string) *kind {
	k := &kind{Regexp: regexp.MustCompile(`(?i)(?:^|[\s_-])(?:` + expression + `)`), words: true}
	k.learn(expression)
	return k
}

// linesLike is the kind of lines whose beginning matches the expression.
func linesLike(expression string) *kind {
	k := &kind{Regexp: regexp.MustCompile(`(?i)^(?:` + expression + `)`)}
	k.learn(expression)
	return k
}

// learn fills the table by following the expression for two characters.
func (k *kind) learn(expression string) {
	parsed, err := syntax.Parse(`(?i)(?:`+expression+`)`, syntax.Perl)
	if err != nil {
		panic(err) // the expression has been compiled
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		panic(err)
	}
	first, whole := reached(program, []uint32{uint32(program.Start)})
	for a := range rune(128) {
		second, ends := reached(program, after(program, first, a))
		for b := range rune(128) {
			if whole || ends || len(after(program, second, b)) > 0 {
				k.begins[a][b/64] |= 1 << (b % 64)
			}
		}
	}
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

func (k *kind) mayMatch(s string) bool {
	if k.mayBegin(s) {
		return true
	}
	for i := 0; k.words && i < len(s); i++ {
		switch s[i] {
		case ' ', '\t', '\n', '\f', '\r', '_', '-':
			if k.mayBegin(s[i+1:]) {
				return true
			}
		}
	}
	return false
}

// mayBegin reports whether a match may begin as s does. Beyond ASCII, and in what ends
// after a character, only the expression knows.
func (k *kind) mayBegin(s string) bool {
	if len(s) < 2 || s[0] >= 128 || s[1] >= 128 {
		return true
	}
	return k.begins[s[0]][s[1]/64]&(1<<(s[1]%64)) != 0
}
