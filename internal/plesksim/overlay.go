// Overlaying: merge semantics for wire structs whose nil fields mean "not given".

package plesksim

import "reflect"

// overlay returns base with the fields that over gives; embedded structs are merged in the same way.
func overlay[T any](base, over T) T {
	lay(reflect.ValueOf(&base).Elem(), reflect.ValueOf(over))
	return base
}

func lay(base, over reflect.Value) {
	for i := range base.NumField() {
		switch to, from := base.Field(i), over.Field(i); from.Kind() {
		case reflect.Struct:
			lay(to, from)
		case reflect.Pointer, reflect.Slice:
			if !from.IsNil() {
				to.Set(from)
			}
		default:
			panic("plesksim: " + base.Type().Name() + " has a field that cannot be absent")
		}
	}
}
