package kernel

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Micros is how a time stands in the database; the zero time is 0.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Instant is the time that stands in the database; 0 is the zero time.
func Instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// Given is a time that is never absent, for which 0 is the start of 1970.
func Given(us int64) time.Time { return time.UnixMicro(us).UTC() }

// Numbered are so many parameters of a statement, from the first on: $1, $2, $3.
func Numbered(first, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = "$" + strconv.Itoa(first+i)
	}
	return strings.Join(all, ", ")
}

// Args are values as the arguments of a statement; see [Numbered].
func Args[T any](values []T) []any {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return args
}

// Number is how a boolean stands in the database.
func Number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// List is how a short list stands in the database, as JSON; nil and empty are the
// same.
func List[T any](items []T) string {
	if len(items) == 0 {
		return "[]"
	}
	text, err := json.Marshal(items)
	if err != nil {
		panic(fmt.Sprintf("kernel: a list of %T does not marshal: %v", items, err)) // strings and structs of strings always do
	}
	return string(text)
}

// Unlist reads what [List] wrote.
func Unlist[T any](text string, into *[]T) error {
	if text == "[]" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}
