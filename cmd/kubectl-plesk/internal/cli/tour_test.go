// The tour: what the page of the plugin shows is what the commands print over a real API server, the operator and a simulated Plesk.

package cli

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

var (
	age    = regexp.MustCompile(`\b[0-9]+[smhd]\b`)
	spaces = regexp.MustCompile(` +`)
)

// pattern is a shown text as an expression: … is anything on one line, ages are any, and columns are as wide as they need to be.
func pattern(shown string) *regexp.Regexp {
	text := regexp.QuoteMeta(spaces.ReplaceAllString(age.ReplaceAllString(shown, "0s"), " "))
	return regexp.MustCompile("^" + strings.ReplaceAll(text, "…", ".*") + "$")
}

func normal(printed string) string {
	return spaces.ReplaceAllString(age.ReplaceAllString(printed, "0s"), " ")
}

// steps are the commands of a page's console blocks, with what it shows below each.
func steps(page string) (out [][2]string) {
	in := false
	for line := range strings.Lines(page) {
		switch {
		case strings.HasPrefix(line, "```"):
			in = line == "```console\n"
		case in && strings.HasPrefix(line, "$ "):
			out = append(out, [2]string{strings.TrimSpace(line[2:])})
		case in:
			out[len(out)-1][1] += line
		}
	}
	return out
}

func tour(t *testing.T, w *world) {
	page, err := os.ReadFile("../reference/head.md")
	if err != nil {
		t.Fatal(err)
	}
	all := steps(string(page))
	if len(all) < 5 {
		t.Fatalf("the page shows %d commands", len(all))
	}
	for _, s := range all {
		args, ok := strings.CutPrefix(s[0], "kubectl plesk ")
		if !ok {
			t.Fatalf("%q is none of ours", s[0])
		}
		want := pattern(s[1])
		w.eventually(t, s[0], time.Minute, func() (string, bool) {
			r := w.run(t, "", strings.Fields(args)...)
			return r.out + r.err, r.failure == nil && want.MatchString(normal(r.out))
		})
	}
}
