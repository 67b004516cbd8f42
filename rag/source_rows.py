"""Sources between the tables and the rest of the house: sections become rows, rows become views."""

from rag.passages import CutSection
from rag.source import Level, PassageView, SectionView, Status, VersionView
from rag.tables import PassageRow, SectionRow, SourceVersionRow
from storage.base import new_id


def section_row(number: int, section: CutSection) -> SectionRow:
    return SectionRow(
        id=new_id(),
        ordinal=number,
        heading=section.heading,
        anchor=section.anchor,
        level=section.level,
        path=list(section.path),
        page=section.page,
        questions=list(section.questions),
        searchable=section.searchable,
        as_read=section.as_read,
        passages=[
            PassageRow(
                id=new_id(),
                ordinal=place,
                text=passage.text,
                kinds=list(passage.kinds),
                page=passage.page,
                start=passage.start,
                end=passage.end,
                hash=passage.hash,
                as_read=passage.as_read,
            )
            for place, passage in enumerate(section.passages)
        ],
    )


def section_view(row: SectionRow) -> SectionView:
    return SectionView(
        heading=row.heading,
        anchor=row.anchor,
        level=row.level,
        path=tuple(row.path),
        page=row.page,
        questions=tuple(row.questions),
        searchable=row.searchable,
        passages=tuple(
            PassageView(passage.id, passage.text, tuple(passage.kinds), passage.page, passage.hash, passage.as_read)
            for passage in row.passages
        ),
        as_read=row.as_read,
    )


def version_view(row: SourceVersionRow) -> VersionView:
    return VersionView(
        id=row.id,
        source_id=row.source_id,
        number=row.number,
        version=row.version,
        title=row.title,
        summary=row.summary,
        publisher=row.publisher,
        level=Level(row.level),
        status=Status(row.statuses[-1].status),
        owner=row.owner,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        review_by=row.review_by,
        source_address=row.source_address,
        file_name=row.file_name,
        page_count=row.page_count,
        warnings=tuple(row.warnings),
        created_at=row.created_at,
    )
