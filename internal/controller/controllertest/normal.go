// The laws of wire values, which the engine relies on for every kind: over values made of fuzzed bytes.

package controllertest

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/engine"
)

// FuzzNormal checks: normal forms stay, nothing differs from itself, normalising leaves its argument alone, and a patch holds
// nothing that is not wanted. The bytes make two values, one wanted and one found.
func FuzzNormal[W any](f *testing.F, kind engine.Normalizer[W]) {
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
			v.SetMapIndex(reflect.ValueOf(b.text()), reflect.ValueOf(b.text()).Convert(v.Type().Elem()))
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
