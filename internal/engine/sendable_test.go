package engine

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// What XML cannot carry is said of its field, of each sort of field, and nothing of a secret but that it holds such a thing.
func TestUnsendable(t *testing.T) {
	type value struct {
		Text   *string `plesk:"description"`
		Nested *struct {
			A *string `plesk:"a"`
		} `plesk:"deep"`
		Map     map[string]string `plesk:"settings"`
		List    []string          `plesk:"records"`
		Secret  *xmlapi.Secret    `plesk:"password,writeonly"`
		Ignored *string
	}
	g := NewWithT(t)
	g.Expect(unsendable(value{Text: new("tab\tand\nline\u0085 日本"), Ignored: new("\x1b"), Map: map[string]string{"a": "b"}, List: []string{"www"}})).To(Succeed())
	for want, v := range map[string]value{
		"spec.description: character U+001B cannot be sent in XML": {Text: new("x\x1b]0;pwn\x07")},
		"spec.deep.a: character U+0000 cannot be sent in XML": {Nested: &struct {
			A *string `plesk:"a"`
		}{new("\x00")}},
		"spec.settings: character U+0008 cannot be sent in XML":     {Map: map[string]string{"a": "\x08"}},
		"spec.records: character U+FFFE cannot be sent in XML":      {List: []string{"\ufffe"}},
		"spec.password: it holds a character that XML cannot carry": {Secret: new(xmlapi.Secret("pass\x01word"))},
		"spec.description: not valid UTF-8":                         {Text: new("\xff")},
	} {
		g.Expect(unsendable(v)).To(MatchError(want))
	}
}

// A password that no packet can carry is named by its field, Secret and key, before anything is written or planned.
func TestAPasswordThatCannotBeSentIsNamed(t *testing.T) {
	for _, value := range []string{"\xff\xfe", "Abc-\x0012345", "tab\x1b"} {
		read := secretRead{SecretUse: SecretUse{Field: "spec.password"}, value: xmlapi.Secret(value)}
		read.SecretRef.Name, read.SecretRef.Key = "acme-panel", "password"
		_, err := valuesOf([]secretRead{read})
		NewWithT(t).Expect(err).To(MatchError(And(HavePrefix("spec.password: "), ContainSubstring(`key "password" of Secret "acme-panel"`))))
	}
}
