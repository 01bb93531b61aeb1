package lazyregexp_test

import (
	"reflect"
	"regexp"
	"testing"

	"communique/storage/lazyregexp"
)

// TestMistakes: an expression with a mistake is found by any test of the package that has it.
func TestMistakes(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("an expression with a mistake is taken")
		}
	}()
	lazyregexp.New(`(`)
}

// TestSame: each method is that of [regexp.Regexp], with all of its arguments.
func TestSame(t *testing.T) {
	t.Parallel()
	const expression, text = `(\w)(\d+)`, "a1 b22 c333 d4444"
	lazy, plain := reflect.ValueOf(lazyregexp.New(expression)), reflect.ValueOf(regexp.MustCompile(expression))
	for i := range lazy.NumMethod() {
		name := lazy.Type().Method(i).Name
		method := lazy.Method(i)
		var args []reflect.Value
		for at := range method.Type().NumIn() {
			args = append(args, argument(method.Type().In(at), at, text))
		}
		got, want := method.Call(args)[0].Interface(), plain.MethodByName(name).Call(args)[0].Interface()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}

// argument is one for a parameter: the text, what takes the place of a match, or how many there are.
func argument(of reflect.Type, at int, text string) reflect.Value {
	if at > 0 {
		text = "<$2>"
	}
	switch of.Kind() {
	case reflect.String:
		return reflect.ValueOf(text)
	case reflect.Slice:
		return reflect.ValueOf([]byte(text))
	case reflect.Func:
		return reflect.MakeFunc(of, func(in []reflect.Value) []reflect.Value { return []reflect.Value{in[0].Slice(0, 1)} })
	default:
		return reflect.ValueOf(2)
	}
}
