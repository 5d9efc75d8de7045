// Error texts in German, and that nothing else depends on the language.

package plesksim

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

// formats are the format strings of all refusals in this package's source.
func formats(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if f, ok := call.Fun.(*ast.Ident); !ok || f.Name != "refuse" {
				return true
			}
			format, ok := call.Args[1].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s: the format is not written out, so nobody can look up its translation", fset.Position(call.Pos()))
				return true
			}
			text, err := strconv.Unquote(format.Value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, text)
			return true
		})
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// untranslated are formats that are the same in every language, with the reason.
var untranslated = map[string]string{
	"%s": "the text of a fault is what its author wrote",
}

var verb = regexp.MustCompile(`%[sdv]`)

// Every format has a translation, in which its values arrive.
func TestGermanTexts(t *testing.T) {
	german := map[string]string{}
	for _, texts := range germanTexts {
		for format, target := range texts {
			if _, twice := german[format]; twice {
				t.Errorf("%q is translated twice", format)
			}
			german[format] = target
		}
	}
	all := formats(t)
	for _, format := range all {
		target, ok := german[format]
		if ok == (untranslated[format] != "") {
			t.Errorf("%q is translated: %v; the reason not to: %q", format, ok, untranslated[format])
		}
		if !ok {
			continue
		}
		verbs := verb.FindAllString(format, -1)
		values := make([]any, len(verbs))
		for i, v := range verbs {
			values[i] = fmt.Sprintf("value %d", i+1)
			if v == "%d" {
				values[i] = 100 + i
			}
		}
		got := refuse(1, format, values...).in(German)
		if want := fmt.Sprintf(target, values...); got != want || strings.Contains(got, "%!") {
			t.Errorf("%s became %q, want %q", format, got, want)
		}
		for _, v := range values {
			if !strings.Contains(got, fmt.Sprint(v)) {
				t.Errorf("%s became %q, without %v", format, got, v)
			}
		}
		if got := refuse(1, format, values...); got.Error() != got.in("") || got.Error() != fmt.Sprintf(format, values...) {
			t.Errorf("%s became %q in English", format, got)
		}
	}
	for _, translated := range slices.Sorted(maps.Keys(german)) {
		if !slices.Contains(all, translated) {
			t.Errorf("no refusal says %q any more", translated)
		}
	}
	for reasoned := range untranslated {
		if !slices.Contains(all, reasoned) {
			t.Errorf("no refusal says %q any more", reasoned)
		}
	}
	if got := refuse(1, "Something else.").in(German); got != "Something else." {
		t.Error(got)
	}
	if _, err := New(Options{Locale: "tlh"}); err == nil {
		t.Error("a language without texts was accepted")
	}
}

// What the client decides on is the same in every language: the answers differ in their texts, and in nothing else.
func TestLanguagesDifferInTextsOnly(t *testing.T) {
	english, german := newServer(t), newServer(t, func(o *Options) { o.Locale = German })
	inEnglish, inGerman := start(t, english), start(t, german)
	for i, document := range []string{
		addAlder,
		addAlder,
		strings.ReplaceAll(addAlder, "alder", "&lt;&amp;&quot;"),
		strings.ReplaceAll(addAlder, "vX9!rTq27#", "a"),
		countAlder + noCustomer + countAlder,
		`<customer><get><filter><login>oak</login><login>alder</login><login>elm</login></filter><dataset/></get></customer>`,
		`<customer><frobnicate/></customer>`,
		`<webspace><add><gen_setup><name>a.example</name><owner-login>oak</owner-login><ip_address>198.51.100.7</ip_address></gen_setup></add></webspace>`,
		`<webspace><add><gen_setup><name>a b</name><ip_address>198.51.100.7</ip_address></gen_setup></add></webspace>`,
		`<dns><get_rec><filter><site-id>9</site-id></filter></get_rec></dns>`,
		`<database><del-db><filter><id>9</id></filter></del-db></database>`,
		`<mail><get_info><filter><site-id>9</site-id></filter></get_info></mail>`,
		`hello`,
	} {
		for _, wrap := range []func(string) string{
			func(d string) string { return "<packet>" + d + "</packet>" },
			func(d string) string { return `<packet version="9.9">` + d + "</packet>" },
		} {
			a, b := inEnglish.post(wrap(document)), inGerman.post(wrap(document))
			if strings.Contains(a, "<errtext>") && a == b {
				t.Errorf("%d: the same text in both languages: %s", i, a)
			}
			if errtext.ReplaceAllString(guid.ReplaceAllString(a, ""), "") != errtext.ReplaceAllString(guid.ReplaceAllString(b, ""), "") {
				t.Errorf("%d: more than the text differs:\n%s\n%s", i, a, b)
			}
		}
	}
	expect(t, inEnglish.as("admin", "wrong").post("<packet/>"), refused("1001"))
	contains(t, []byte(inGerman.as("admin", "wrong").post("<packet/>")), "Passwort")
	defer german.Inject(Fault{System: true, Code: 1001, Times: 1})()
	contains(t, []byte(inGerman.post("<packet/>")), "Absichtlich herbeigeführter Fehler.")

	for _, request := range []customer.AddRequest{{}, {GenInfo: customer.NewGenInfo{ContactName: "A", Login: "alder", Password: "vX9!rTq27#"}}} {
		_, a := customer.Add.One(t.Context(), english, request)
		_, b := customer.Add.One(t.Context(), german, request)
		if xmlapi.ClassOf(a) == "" || xmlapi.ClassOf(a) != xmlapi.ClassOf(b) || a.Error() == b.Error() {
			t.Errorf("%v, %v", a, b)
		}
	}
}

var (
	errtext = regexp.MustCompile(`<errtext>[^<]*</errtext>`)
	guid    = regexp.MustCompile(`<guid>[^<]*</guid>`)
)

const noCustomer = `<customer><del><filter><login>oak</login></filter></del></customer>`
