{{- define "type" -}}
{{- $type := . -}}
{{- if markdownShouldRenderType $type }}

## {{ $type.Name }}
{{ if $type.Doc }}
{{ $type.Doc }}
{{ end }}
{{- if $type.IsAlias }}
{{ if hasPrefix "map[" $type.UnderlyingType.Name }}A map of texts{{ else }}A {{ markdownRenderTypeLink $type.UnderlyingType }}{{ end }}.
{{ end }}
{{- if $type.References }}
Used by: {{ range $i, $r := $type.SortedReferences }}{{ if $i }}, {{ end }}{{ markdownRenderTypeLink $r }}{{ end }}.
{{ end }}
{{- if $type.Validation }}
Rules: {{ template "rules" $type }}
{{ end }}
{{- if $type.Members }}
| field | what it is | rules | wire |
| --- | --- | --- | --- |
{{ range $type.Members -}}
{{- $doc := splitn "Wire: " 2 (.Doc | replace "\n" " ") -}}
| `{{ .Name }}`<br/>{{ markdownRenderType .Type }} | {{ template "type_members" dict "name" .Name "doc" $doc._0 }} | {{ if .Default }}default `{{ .Default }}`<br/>{{ end }}{{ template "rules" . }} | {{ if $doc._1 }}{{ markdownRenderFieldDoc (trimSuffix "." $doc._1) }}{{ end }} |
{{ end -}}
{{ end }}
{{- if $type.EnumValues }}
| value | what it means |
| --- | --- |
{{ range $type.EnumValues -}}
| `{{ .Name }}` | {{ markdownRenderFieldDoc (.Doc | replace "\n" " ") }} |
{{ end -}}
{{ end -}}
{{- end -}}
{{- end -}}
