// The laws of wire values, which the engine relies on for every kind: over values made of fuzzed bytes.

package controller

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
)

func FuzzNormalCustomer(f *testing.F) { fuzzNormal(f, Customer{}) }

func FuzzNormalSubscription(f *testing.F) { fuzzNormal(f, Subscription{}) }

func FuzzNormalServicePlan(f *testing.F) { fuzzNormal(f, ServicePlan{}) }

// fuzzNormal checks: normal forms stay, nothing differs from itself, normalising leaves its argument alone, and a patch holds
// nothing that is not wanted. The bytes make two values, one wanted and one found.
func fuzzNormal[W any](f *testing.F, kind engine.Normalizer[W]) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		data := make([]byte, 400)
		for i := range data {
			data[i] = byte(rnd.UintN(256))
		}
		f.Add(data)
	}
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		want, have := valuesOf[W](data)
		same, _ := valuesOf[W](data)
		n := kind.Normal(want)
		if !reflect.DeepEqual(want, same) {
			t.Errorf("Normal changed its argument")
		}
		if nn := kind.Normal(n); !reflect.DeepEqual(nn, n) {
			t.Errorf("Normal is not idempotent: %+v", engine.Diff(nn, n))
		}
		if d := engine.Diff(n, n); len(d) > 0 {
			t.Errorf("a value differs from itself: %+v", d)
		}
		patch := engine.Only(n, engine.Diff(n, kind.Normal(have)))
		if d := engine.Diff(patch, n); len(d) > 0 {
			t.Errorf("a patch holds what is not wanted: %+v", d)
		}
		if !reflect.DeepEqual(kind.Normal(patch), patch) {
			t.Errorf("a patch of normal values is not normal")
		}
	})
}

func valuesOf[W any](data []byte) (want, have W) {
	b := fuzzBytes{data}
	b.fill(reflect.ValueOf(&want).Elem())
	b.fill(reflect.ValueOf(&have).Elem())
	return want, have
}

// fuzzBytes makes values of bytes; where these end it makes empty ones.
type fuzzBytes struct{ rest []byte }

func (b *fuzzBytes) intN(n int) int {
	if len(b.rest) == 0 {
		return 0
	}
	v := int(b.rest[0]) % n
	b.rest = b.rest[1:]
	return v
}

// someTexts have forms that normalising changes; beside them stand texts of the bytes themselves.
var someTexts = []string{"", "acme", "  two   words ", "ACME.Example", "xn--bcher-kva.example", "2001:DB8:0:0::7", "198.51.100.7", "::ffff:198.51.100.7",
	"unlimited", "-1", "5368709120", "httpdocs/", "./a//b", "/", ".", "..", "Forward  a@b.example", "10Mi", "true", "line\nbreak", "\u00a0", "İ"}

func (b *fuzzBytes) text() string {
	if i := b.intN(len(someTexts) + 10); i < len(someTexts) {
		return someTexts[i]
	}
	n := min(b.intN(32), len(b.rest))
	s := string(b.rest[:n])
	b.rest = b.rest[n:]
	return s
}

// fill sets the compared fields of a struct, but for some of them.
func (b *fuzzBytes) fill(v reflect.Value) {
	for i := range v.NumField() {
		if _, ok := v.Type().Field(i).Tag.Lookup("plesk"); ok && b.intN(4) > 0 {
			b.set(v.Field(i))
		}
	}
}

func (b *fuzzBytes) set(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		b.set(v.Elem())
	case reflect.Struct:
		b.fill(v)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range b.intN(4) {
			v.SetMapIndex(reflect.ValueOf(b.text()), reflect.ValueOf(b.text()))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), b.intN(4), 4))
		for i := range v.Len() {
			b.set(v.Index(i))
		}
	case reflect.String:
		v.SetString(b.text())
	case reflect.Bool:
		v.SetBool(b.intN(2) == 1)
	case reflect.Int:
		v.SetInt(int64(b.intN(256)) - 1)
	default:
		panic(fmt.Sprintf("no value of %s", v.Type()))
	}
}

// caaTag is the pattern of the schema.
var caaTag = regexp.MustCompile(`^[a-zA-Z0-9]{1,15}$`)

// FuzzRecordRoundTrip holds zones to the same laws, which have no Normal of their own: what the spec may say can be sent, is
// in the form in which it is compared, and comes back from the server (operators-services §2.3) as what was wanted.
func FuzzRecordRoundTrip(f *testing.F) {
	for _, s := range []v1alpha1.DNSRecord{
		spec("@", "A", "198.51.100.7"), spec("WWW", "AAAA", "2001:DB8::07"), spec("*.dev", "CNAME", "bücher.example."), spec("@", "TXT", ` a  "b" <c>`),
		spec("x", "DS", "1 8 2 AB cd"), spec("a", "NS", "ns。example"), mx("@", "mx1.mail.example", 10), mx("q", ".", 0), ptr("2001:DB8::7", "acme.example", 64),
		srv("_sip._tcp", "voip.acme.example", 10, 60, 5060), caa("@", `"ca.example; x"`, 128, "Issue"), caa("@", `" "`, 0, "issue"),
	} {
		f.Add(uint8(slices.Index(listable, string(s.Type))), s.Name, s.Value, uint16(64), uint16(60), uint16(5060), "Issue") //nolint:gosec // ten
	}
	f.Fuzz(func(t *testing.T, kind uint8, name, value string, a, b, c uint16, tag string) {
		if !caaTag.MatchString(tag) || name == "" || value == "" || !utf8.ValidString(name+value) {
			return // the API server lets none of these through
		}
		s := spec(name, v1alpha1.DNSRecordType(listable[int(kind)%len(listable)]), value)
		s.Priority = new(int32(a))
		s.SRV = &v1alpha1.SRVData{Priority: int32(a), Weight: int32(b), Port: int32(c)}
		s.CAA = &v1alpha1.CAAData{Flags: int32(a % 256), Tag: tag}
		s.PTR = &v1alpha1.PTRData{PrefixLength: int32(a % 129)}
		w, err := wantedRecord(testZone, "spec.records[0]", s)
		if err != nil {
			return
		}
		if opt, v := canonicalData(w.Type, w.Opt, w.Value); opt != w.Opt || v != w.Value {
			t.Errorf("%#v would be %q %q", w, opt, v)
		}
		request := w.request(41, w.text)
		doc, err := xmlapi.Encode("1.6.9.1", dns.AddRec.Call(request))
		if err != nil {
			t.Fatalf("%#v cannot be sent: %v", w, err)
		}
		if err := schema.Request().Validate(doc); err != nil {
			t.Errorf("%#v is not valid: %v", w, err)
		}
		if found := foundRecord(testZone, stored(request.Record)); found != w.dnsRecord {
			t.Errorf("%#v comes back as %#v", w.dnsRecord, found)
		}
	})
}

// stored is a record as the server keeps and shows it: absolute names, single blanks.
func stored(r dns.Record) dns.Record {
	switch {
	case r.Type == recordPTR:
	case r.Host == "":
		r.Host = testZone + "."
	default:
		r.Host += "." + testZone + "."
	}
	switch r.Type {
	case recordCNAME, recordNS, recordMX, recordSRV, recordPTR:
		r.Value = strings.TrimSuffix(r.Value, ".") + "."
	}
	r.Value = singleBlanks(r.Value)
	return r
}
