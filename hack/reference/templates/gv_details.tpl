{{- define "gvDetails" -}}
{{- $gv := . -}}
All kinds are in `{{ $gv.GroupVersionString }}`:
{{ range $gv.SortedKinds }}
* {{ $gv.TypeForKind . | markdownRenderTypeLink }}
{{- end }}
{{ range $gv.SortedTypes }}
{{- template "type" . }}
{{- end }}
{{- end -}}
