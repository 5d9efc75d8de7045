// What the server's version of the protocol does not have: left out of all that is wanted, and named when everything else is as the spec says.

package engine

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/version"
)

// supported returns want without the fields, and the keys of maps, that a version lacks, and names those that were set.
func supported[W any](want W, spoken version.Version) (_ W, lacking []string) {
	v := without(reflect.ValueOf(want), "", func(path string, opt fieldOptions) bool {
		for _, name := range opt.needs {
			if !spoken.Has(name) {
				lacking = append(lacking, fmt.Sprintf("spec.%s (since %s)", path, version.Since(name)))
				return true
			}
		}
		return false
	})
	return v.Interface().(W), lacking
}

// without is a copy of a struct without some fields, and keys of maps, which need what they are called. It shares with v what has not changed.
func without(v reflect.Value, prefix string, drop func(path string, opt fieldOptions) bool) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	for i := range v.NumField() {
		path, opt, ok := field(prefix, v.Type().Field(i))
		if !ok || v.Field(i).IsNil() {
			continue
		}
		switch f := v.Field(i); {
		case isNested(f.Type()):
			inner := reflect.New(f.Type().Elem())
			inner.Elem().Set(without(f.Elem(), path, drop))
			out.Field(i).Set(inner)
		case drop(path, opt):
			out.Field(i).SetZero()
		case f.Kind() == reflect.Map && f.Type() != secretsType: // whose keys are no names of the protocol
			kept := reflect.MakeMap(f.Type())
			for _, k := range sortedKeys(f) {
				of := opt
				of.needs = []string{k.String()}
				if !drop(path+"."+k.String(), of) {
					kept.SetMapIndex(k, f.MapIndex(k))
				}
			}
			out.Field(i).Set(kept)
		}
	}
	return out
}

// unsupported is the verdict about what was left out.
func (p *pass[O, W]) unsupported() *verdict {
	if len(p.lacking) == 0 {
		return nil
	}
	return stop(stalled(v1alpha1.ReasonUnsupportedByServer, fmt.Sprintf(
		"PleskServer %s (spec.serverRef) speaks protocol %s, which does not have %s; all else is as the spec says", p.serverName, p.spoken, strings.Join(p.lacking, ", "))))
}
