// The lexical forms of the built-in types, one document for each.
package schema_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
)

// lexical are texts at the edges of every type.
var lexical = strings.Split(`|0|1|-1|+1|-0|+0|00|-00|+|-|--1|+-1|1.|1.0|.5|.|5.|-.5|1e5|1E-5|1e|1e+|1.5e3|e5|1,5|0x1|1_0|１|
000000000000000000000000000007|123456789012345678901234|1234567890123456789012345|0001234567890123456789012345|-123456789012345678901234
2147483647|2147483648|-2147483648|-2147483649|4294967295|4294967296|9223372036854775807|9223372036854775808|-9223372036854775808|-9223372036854775809
18446744073709551615|18446744073709551616|99999999999999999999|100000000|99999999|21474836470|42949672950|9999999999|92233720368547758070
true|false|TRUE|True|yes|on|t|INF|-INF|+INF|inf|NaN|-NaN|nan|Infinity
2025-01-31|2025-02-29|2024-02-29|2000-02-29|1900-02-29|2025-04-31|2025-1-1|25-01-01|02025-01-01|12025-01-01|0000-01-01|0001-01-01|-0001-01-01|-2025-01-01|+2025-01-01
2025-00-01|2025-13-01|2025-01-00|2025-01-32|2025-01-01Z|2025-01-01z|2025-01-01+02:00|2025-01-01-14:00|2025-01-01+14:00|2025-01-01+14:01|2025-01-01+15:00|2025-01-01+2:00|2025-01-01+0200|2025-01-01+02:60|20250101|2025-01-01T|2025-01
2025-01-01T00:00:00|2025-01-01T23:59:59|2025-01-01T24:00:00|2025-01-01T24:00:01|2025-01-01T24:01:00|2025-01-01T24:00:00.0|2025-01-01T24:00:00.5|2025-01-01T25:00:00|2025-01-01T10:60:00|2025-01-01T10:00:60|2025-01-01T10:00:59.999
2025-01-01T10:00:00.|2025-01-01T10:00|2025-01-01T10:00:00Z|2025-01-01T10:00:00+02:00|2025-01-01 10:00:00|2025-01-01t10:00:00|2025-01-01T1:00:00|2025-02-30T10:00:00|2025-01-01T10:00:00.123456789012345678901234567890|2025-01-01T10:00:00 Z
YQ==|YWI=|YWJj|YR==|YWJ=|YQ=|YQ|Y|=|====|Y===|YQ==YQ==|YWJjZA==|Y Q = =|YW Jj|YWJ*|Y-_j|YQ==x|YWJjY|  YQ==|YQ==  |Y  Q==
a b|a  b|x y z|~|é`, "|")

// lexicalForms holds every built-in type to every text.
func lexicalForms(t *testing.T) corpus {
	t.Helper()
	var xsd strings.Builder
	types := []string{
		"string", "token", "anySimpleType", "boolean", "integer", "positiveInteger", "nonNegativeInteger", "long", "int",
		"unsignedLong", "unsignedInt", "double", "date", "dateTime", "base64Binary",
	}
	xsd.WriteString(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="p"><xs:complexType><xs:choice maxOccurs="unbounded">`)
	for _, name := range types {
		fmt.Fprintf(&xsd, `<xs:element name="%s" type="xs:%s"/>`, name, name)
	}
	xsd.WriteString(`</xs:choice></xs:complexType></xs:element></xs:schema>`)
	g := ownGrammar(t, xsd.String(), "p")

	var values []string
	for _, line := range lexical {
		values = append(values, strings.Split(line, "\n")...)
	}
	var docs []document
	for _, name := range types {
		for i, v := range values {
			for _, text := range []string{v, []string{" " + v, v + "\n", "\t " + v + " \n"}[i%3]} {
				docs = append(docs, document{name + " " + text, []byte("<p><" + name + ">" + text + "</" + name + "></p>")})
			}
		}
	}
	return corpus{"lexical forms", g, docs}
}

// ownGrammar compiles a grammar for both validators.
func ownGrammar(t *testing.T, xsd, root string) grammar {
	t.Helper()
	s, err := schema.Compile([]byte(xsd), root)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "own.xsd")
	if err := os.WriteFile(file, []byte(xsd), 0o600); err != nil {
		t.Fatal(err)
	}
	return grammar{"own", s, file}
}
