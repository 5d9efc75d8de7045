// The built-in simple types that the grammars use: their white space and their lexical forms, as
// libxml2 reads them (it is stricter than the standard in places, for example with a plus sign).
package schema

import "strings"

// builtin is a built-in simple type.
type builtin struct {
	valid   func(string) bool // nil when every text is valid; it is given the text as it stands
	lengths bool              // lengths, patterns and enumerations may restrict it
}

var builtins = map[string]*builtin{
	"string":             {lengths: true},
	"token":              {},
	"anySimpleType":      {},
	"boolean":            {valid: trimmed(isBoolean)},
	"integer":            {valid: trimmed(func(v string) bool { _, _, ok := signed(v); return ok })},
	"positiveInteger":    {valid: trimmed(isPositive)},
	"nonNegativeInteger": {valid: trimmed(isNotNegative)},
	"long":               {valid: between("9223372036854775808", "9223372036854775807")},
	"int":                {valid: between("2147483648", "2147483647")},
	"unsignedLong":       {valid: upTo("18446744073709551615")},
	"unsignedInt":        {valid: upTo("4294967295")},
	"double":             {valid: isDouble},
	"date":               {valid: isDate},
	"dateTime":           {valid: isDateTime},
	"base64Binary":       {valid: isBase64},
}

const blankCharacters = " \t\n\r"

// trimmed is for the types around whose values libxml2 skips blanks; all but strings should be.
func trimmed(valid func(string) bool) func(string) bool {
	return func(v string) bool { return valid(strings.Trim(v, blankCharacters)) }
}

// maxDigits is how many significant digits libxml2 reads of an integer.
const maxDigits = 24

func isBoolean(v string) bool { return v == "true" || v == "false" || v == "1" || v == "0" }

// digits returns v without leading zeroes; ok says that it is a number libxml2 can hold.
func digits(v string) (significant string, ok bool) {
	if v == "" || strings.Trim(v, "0123456789") != "" {
		return "", false
	}
	v = strings.TrimLeft(v, "0")
	return v, len(v) <= maxDigits
}

// signed splits an integer; the significant digits of zero are empty.
func signed(v string) (negative bool, significant string, ok bool) {
	if v != "" && (v[0] == '+' || v[0] == '-') {
		negative, v = v[0] == '-', v[1:]
	}
	significant, ok = digits(v)
	return negative, significant, ok
}

func notAbove(significant, limit string) bool {
	return len(significant) < len(limit) || len(significant) == len(limit) && significant <= limit
}

func between(low, high string) func(string) bool {
	return func(v string) bool {
		negative, significant, ok := signed(v)
		if negative {
			return ok && notAbove(significant, low)
		}
		return ok && notAbove(significant, high)
	}
}

func upTo(high string) func(string) bool {
	return func(v string) bool {
		significant, ok := digits(v)
		return ok && notAbove(significant, high)
	}
}

func isPositive(v string) bool {
	negative, significant, ok := signed(v)
	return ok && !negative && significant != ""
}

func isNotNegative(v string) bool {
	negative, significant, ok := signed(v)
	return ok && (!negative || significant == "")
}

// isDouble accepts an exponent without digits, and blanks behind a number but not behind a name.
func isDouble(v string) bool {
	v = strings.TrimLeft(v, blankCharacters)
	switch v {
	case "NaN", "INF", "-INF":
		return true
	}
	if v != "" && (v[0] == '+' || v[0] == '-') {
		v = v[1:]
	}
	whole, v := takeDigits(v)
	fraction := 0
	if strings.HasPrefix(v, ".") {
		fraction, v = takeDigits(v[1:])
	}
	if whole+fraction == 0 {
		return false
	}
	if v != "" && (v[0] == 'e' || v[0] == 'E') {
		v = v[1:]
		if v != "" && (v[0] == '+' || v[0] == '-') {
			v = v[1:]
		}
		_, v = takeDigits(v)
	}
	return strings.Trim(v, blankCharacters) == ""
}

// takeDigits counts the digits at the start of v and returns the rest.
func takeDigits(v string) (int, string) {
	n := 0
	for n < len(v) && v[n] >= '0' && v[n] <= '9' {
		n++
	}
	return n, v[n:]
}

func isDate(v string) bool {
	rest, ok := takeDate(v)
	return ok && isZone(rest)
}

func isDateTime(v string) bool {
	rest, ok := takeDate(v)
	if !ok || !strings.HasPrefix(rest, "T") {
		return false
	}
	rest, ok = takeTime(rest[1:])
	if rest != "" && !isBlank(rest[0]) {
		rest = strings.TrimRight(rest, blankCharacters) // libxml2 does so behind a zone only
	}
	return ok && isZone(rest)
}

// takeDate reads year, month and day and returns the rest.
func takeDate(v string) (rest string, ok bool) {
	v = strings.TrimPrefix(v, "-")
	n, rest := takeDigits(v)
	year := v[:n]
	if n < 4 || n > 4 && year[0] == '0' || strings.Trim(year, "0") == "" {
		return "", false
	}
	month, rest, ok := takeField(rest, "-", 1, 12)
	if !ok {
		return "", false
	}
	day, rest, ok := takeField(rest, "-", 1, 31)
	return rest, ok && day <= daysIn(year, month)
}

func daysIn(year string, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		lastFour := 0
		for _, c := range year[len(year)-4:] {
			lastFour = lastFour*10 + int(c-'0')
		}
		if lastFour%4 == 0 && (lastFour%100 != 0 || lastFour%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// takeTime reads hours, minutes and seconds with an optional fraction and returns the rest.
func takeTime(v string) (rest string, ok bool) {
	hour, rest, ok := takeField(v, "", 0, 24)
	if !ok {
		return "", false
	}
	minute, rest, ok := takeField(rest, ":", 0, 59)
	if !ok {
		return "", false
	}
	second, rest, ok := takeField(rest, ":", 0, 59)
	if !ok {
		return "", false
	}
	zero := true
	if strings.HasPrefix(rest, ".") {
		fraction := rest[1:]
		n, after := takeDigits(fraction)
		if n == 0 {
			return "", false
		}
		zero, rest = strings.Trim(fraction[:n], "0") == "", after
	}
	return rest, hour < 24 || minute == 0 && second == 0 && zero
}

// takeField reads a separator and two digits within limits.
func takeField(v, separator string, low, high int) (value int, rest string, ok bool) {
	v, ok = strings.CutPrefix(v, separator)
	if n, _ := takeDigits(v); !ok || n < 2 {
		return 0, "", false
	}
	value = int(v[0]-'0')*10 + int(v[1]-'0')
	return value, v[2:], value >= low && value <= high
}

func isZone(v string) bool {
	if v == "" || v == "Z" {
		return true
	}
	if v[0] != '+' && v[0] != '-' {
		return false
	}
	hour, rest, ok := takeField(v[1:], "", 0, 14)
	if !ok {
		return false
	}
	minute, rest, ok := takeField(rest, ":", 0, 59)
	return ok && rest == "" && (hour < 14 || minute == 0)
}

// isBase64 checks whole groups of four with zero bits under the padding. Other characters may stand
// anywhere: RFC 2045 has a reader ignore them, and libxml2 does.
func isBase64(v string) bool {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	count, padding, last := 0, 0, 0
	for i := 0; i < len(v); i++ {
		if v[i] == '=' {
			padding++
			continue
		}
		if bits := strings.IndexByte(alphabet, v[i]); bits >= 0 {
			if padding > 0 {
				return false
			}
			count, last = count+1, bits
		}
	}
	switch padding {
	case 0:
		return count%4 == 0
	case 1:
		return count%4 == 3 && last&0b11 == 0
	case 2:
		return count%4 == 2 && last&0b1111 == 0
	}
	return false
}
