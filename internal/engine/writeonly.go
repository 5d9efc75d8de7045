// What cannot be read back, and what no add takes: values that the diff says nothing of, or that a create leaves for the first update.

package engine

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// writeOnlyChanges lists the fields that want sets, that cannot be read back, and whose path changed tells to be written. What is
// no secret shows its new value.
func writeOnlyChanges[W any](want W, changed func(path string) bool) []Change {
	plain := plainWriteOnly(want)
	var changes []Change
	walkWriteOnly(want, func(path string, _ fieldOptions, _ reflect.Value) {
		if !changed(path) {
			return
		}
		c := Change{Field: path, From: redacted, To: redacted, WriteOnly: true}
		if text, ok := plain[path]; ok {
			c.From, c.To = "", text
		}
		changes = append(changes, c)
	})
	return changes
}

// secret reports whether a change is of a password or a certificate: what cannot be read back and is never shown.
func (c Change) secret() bool { return c.WriteOnly && c.To == redacted }

// apartFrom tells the secrets among changes that are right without the rest: not the password of a member that is being added, nor what belongs with
// another change.
func apartFrom[W any](want W, changes []Change) (secrets, rest []Change) {
	with := companions(want)
	return split(changes, func(c Change) bool {
		return c.secret() && !slices.ContainsFunc(changes, func(o Change) bool {
			return slices.Contains(with[c.Field], o.Field) || o.Member != nil && c.Field == join(o.Field, fmt.Sprint(o.Member))
		})
	})
}

// rightBeside parts changes of what cannot be read back into those that are right while others are left alone, and those that belong with one of these.
func rightBeside[W any](want W, left, changes []Change) (right, wait []Change) {
	apart, _ := apartFrom(want, slices.Concat(left, changes))
	return split(changes, func(c Change) bool { return !c.secret() || sameChange(apart, c) })
}

// companions are the fields along with which values that cannot be read back are written, by the path of the value.
func companions[W any](want W) map[string][]string {
	out := map[string][]string{}
	walkWriteOnly(want, func(path string, opt fieldOptions, _ reflect.Value) {
		if len(opt.with) > 0 {
			out[path] = opt.with
		}
	})
	return out
}

// walkWriteOnly calls visit for every value that want sets and that cannot be read back; those of a map of secrets have a path each.
func walkWriteOnly[W any](want W, visit func(path string, opt fieldOptions, v reflect.Value)) {
	walkFields(reflect.ValueOf(want), "", func(path string, opt fieldOptions, v reflect.Value) {
		switch {
		case !opt.writeOnly || v.IsNil():
		case v.Type() == secretsType:
			for _, k := range sortedKeys(v) {
				visit(path+"."+k.String(), opt, v.MapIndex(k))
			}
		default:
			visit(path, opt, v)
		}
	})
}

// secretsType is a map of secrets: of members of a collection, by what tells those apart.
var secretsType = reflect.TypeFor[map[string]xmlapi.Secret]()

// plainWriteOnly is the values that want sets, that cannot be read back and are no secrets, by path.
func plainWriteOnly[W any](want W) map[string]string {
	out := map[string]string{}
	walkWriteOnly(want, func(path string, _ fieldOptions, v reflect.Value) {
		switch v.Type() {
		case reflect.TypeFor[*xmlapi.Secret](), secretsType.Elem():
		default:
			out[path] = fmt.Sprint(reflect.Indirect(v).Interface())
		}
	})
	return out
}

// laterFields lists the fields that want sets, that cannot be read back, and that no create writes.
func laterFields[W any](want W) []string {
	var out []string
	walkWriteOnly(want, func(path string, opt fieldOptions, _ reflect.Value) {
		if opt.later {
			out = append(out, path)
		}
	})
	return out
}

// emptyLater lists the collections that no add takes and that have shows to be empty.
func emptyLater[W any](have W) []string {
	var out []string
	walkFields(reflect.ValueOf(have), "", func(path string, opt fieldOptions, v reflect.Value) {
		if opt.later && v.Kind() == reflect.Slice && v.Len() == 0 {
			out = append(out, path)
		}
	})
	return out
}
