package arch

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// licences are those under which a module may be a part of the program, in the order in
// which they are looked for, and what tells each by its text.
var licences = []struct {
	name string
	says []string
}{
	{"Apache-2.0", []string{"Apache License", "Version 2.0"}},
	{"MPL-2.0", []string{"Mozilla Public License", "2.0"}},
	{"MIT", []string{"Permission is hereby granted, free of charge, to any person obtaining a copy", "The above copyright notice and this permission notice shall be included"}},
	{"ISC", []string{"Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted"}},
	{"BSD-3-Clause", []string{"Redistribution and use in source and binary forms", "endorse or promote products derived from"}},
	{"BSD-2-Clause", []string{"Redistribution and use in source and binary forms"}},
	{"CC0-1.0", []string{"CC0 1.0 Universal", "Affirmer"}},
	{"Unlicense", []string{"This is free and unencumbered software released into the public domain"}},
}

// TestLinked holds fast which modules are a part of the program, and under which licence
// each is: a new one, or another licence of one that is there, is somebody's decision. Their
// versions and sums are in go.mod and go.sum.
func TestLinked(t *testing.T) {
	t.Parallel()
	const file = "modules.tsv"
	var found []string
	for path, folder := range partsOf(t) {
		licence, err := licenceIn(folder)
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		found = append(found, path+"\t"+licence)
	}
	slices.Sort(found)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	listed := strings.Split(strings.TrimSpace(string(text)), "\n")[1:] // the first line names the columns
	if diff := cmp.Diff(listed, found); diff != "" {
		t.Errorf("%s lists other modules than the program has (-listed +found); look why each is there and whether its licence may be, then change the list:\n%s", file, diff)
	}
}

// partsOf are the modules that the program is made of, with their folders, on all systems
// that it is released for.
func partsOf(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, arch := range []string{"amd64", "arm64"} {
		c := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}\t{{.Dir}}{{end}}", "./cmd/communique")
		c.Dir, c.Env = root, append(os.Environ(), "GOOS=linux", "GOARCH="+arch, "CGO_ENABLED=0")
		var problems bytes.Buffer
		c.Stderr = &problems
		out, err := c.Output()
		if err != nil {
			t.Fatalf("go list: %v\n%s", err, problems.String())
		}
		for line := range strings.Lines(string(out)) {
			if path, folder, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && path != module {
				all[path] = folder
			}
		}
	}
	return all
}

var spaces = regexp.MustCompile(`\s+`)

// licenceIn tells the licence of a module by the text in its folder.
func licenceIn(folder string) (string, error) {
	for _, pattern := range []string{"LICENSE", "LICENSE.*", "LICENCE*", "COPYING*", "UNLICENSE*"} {
		files, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil || len(files) == 0 {
			continue
		}
		text, err := os.ReadFile(files[0])
		if err != nil {
			return "", err
		}
		plain := spaces.ReplaceAllString(string(text), " ")
		for _, l := range licences {
			if !slices.ContainsFunc(l.says, func(s string) bool { return !strings.Contains(plain, s) }) {
				return l.name, nil
			}
		}
		return "", fmt.Errorf("%s is none of the licences that we take", filepath.Base(files[0]))
	}
	return "", fmt.Errorf("it comes without a licence")
}
